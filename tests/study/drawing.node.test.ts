/** Which synthetic cohort an address asks for. */
import { expect, test } from 'vitest';
import { defaultDials, dialPresets } from '../../src/cohort/synthetic/dials.ts';
import { drawingOf } from '../../src/study/drawing.ts';

test('an address without words for it asks for none', () => {
  expect(drawingOf({})).toBeNull();
  expect(drawingOf({ smoke: '1' })).toBeNull();
});

test.each(dialPresets)('a preset by its name: $name', ({ name, dials }) =>
  expect(drawingOf({ dials: name })).toEqual({ dials }),
);

test('single dials turn what the preset says; patients, seed, side and split have words of their own', () => {
  const query = {
    dials: 'outcome,visibility=1,labelNoise=0.1',
    patients: '2000',
    seed: '3',
    side: '64',
    split: '0.3,0.2,0.5',
  };
  expect(drawingOf(query)).toEqual({
    dials: {
      ...dialPresets.find(({ name }) => name === 'outcome')!.dials,
      visibility: 1,
      labelNoise: 0.1,
      patients: 2000,
      seed: 3,
    },
    side: 64,
    fractions: { train: 0.3, validation: 0.2, test: 0.5 },
  });
});

test('dials without a name start from the defaults', () => {
  expect(drawingOf({ dials: 'visibility=0.7' })?.dials).toEqual({ ...defaultDials, visibility: 0.7 });
  expect(drawingOf({ patients: '900' })?.dials).toEqual({ ...defaultDials, patients: 900 });
});

test.each([
  [{ dials: 'loud' }, 'graded, outcome, silent'],
  [{ dials: 'graded,silent' }, 'graded, outcome, silent'],
  [{ dials: 'graded,brightness=1' }, 'brightness'],
  [{ dials: 'graded,visibility=' }, 'visibility'],
  [{ dials: 'graded,visibility=1.5' }, 'between 0 and 1'],
  [{ patients: '10.5' }, 'whole number'],
  [{ side: '15' }, '16'],
  [{ side: '64.5' }, 'whole number'],
  [{ split: '0.6,0.4' }, 'three shares'],
  [{ split: '1,0,0' }, 'above 0'],
  [{ split: '0.5,0.5,0.5' }, 'sum to 1'],
])('%j is refused with a sentence', (query, part) => {
  expect(() => drawingOf(query)).toThrow(part);
});
