/** Looks of pre-trainings. */
import { expect, it } from 'vitest';
import { pretrainingLooks } from '../../src/figures/pretraining-looks.ts';
import type { PretrainingRecipe } from '../../src/training/pre-training.ts';

const recipe = (name: string, objective: string, permutedReports = false): PretrainingRecipe => ({
  name,
  objectives: [{ name: objective, weight: 1, settings: {} }],
  permutedReports,
});
const lookOf = pretrainingLooks([
  'none',
  recipe('clip', 'clip'),
  recipe('clip-shuffled', 'clip', true),
  recipe('simclr', 'simclr'),
]);

it('a control has the ink and marker of its recipe and a dotted line', () => {
  const [clip, control] = [lookOf('clip'), lookOf('clip-shuffled')];
  expect(control).toEqual({ ...clip, name: 'clip-shuffled', dash: '1 3' });
  expect(clip.dash).toBe('');
  expect(lookOf('simclr').ink).not.toBe(clip.ink);
  expect(lookOf('simclr').marker).not.toBe(clip.marker);
});

it('no pre-training is said so; what the study does not know keeps its name', () => {
  expect(lookOf('none')).toMatchObject({ name: 'no pre-training', ink: 'black' });
  expect(lookOf('elsewhere')).toMatchObject({ name: 'elsewhere', ink: 'black' });
});
