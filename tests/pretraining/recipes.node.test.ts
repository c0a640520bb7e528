/** What the study's data say of objectives is what the objectives are. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { imageEncoders } from '../../src/models/encoders/registry.ts';
import { assertRecipes } from '../../src/pretraining/check-recipes.ts';
import { objectives } from '../../src/pretraining/registry.ts';
import { Random } from '../../src/random/random.ts';
import { presets } from '../../src/study/presets/registry.ts';
import { offeredRecipes, patchEncoders, patchObjectives, reportObjectives } from '../../src/study/recipes.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('names of the registry are those of its entries', () => {
  for (const [name, objective] of Object.entries(objectives)) expect(objective.name).toBe(name);
});

test('objectives that use reports', () => {
  const using = Object.values(objectives).filter(({ uses }) => uses !== 'image');
  expect(using.map(({ name }) => name).sort()).toEqual([...reportObjectives].sort());
});

test('objectives that need patches, and encoders that have them', () => {
  const needing = Object.values(objectives).filter(({ needs }) => needs.includes('reads patches'));
  expect(needing.map(({ name }) => name).sort()).toEqual([...patchObjectives].sort());
  const having = Object.values(imageEncoders).filter((entry) => {
    const encoder = entry.build(entry.smoke, 32, new Random(1));
    encoder.dispose();
    return encoder.patches !== undefined;
  });
  expect(having.map(({ name }) => name).sort()).toEqual([...patchEncoders].sort());
});

test('recipes on offer and of presets can be built', () => {
  expect(() => assertRecipes(offeredRecipes.map(({ recipe }) => recipe))).not.toThrow();
  for (const { pretrainings } of Object.values(presets))
    expect(() => assertRecipes(pretrainings)).not.toThrow();
});

test('what cannot be built is refused in words', () => {
  const recipe = (name: string, settings = {}) => ({
    name: 'mine',
    objectives: [{ name, weight: 1, settings }],
    permutedReports: false,
  });
  expect(() => assertRecipes([recipe('nothing')])).toThrow('which does not exist');
  expect(() => assertRecipes([recipe('simclr', { temperature: 5 })])).toThrow('temperature must be in');
  expect(() => assertRecipes([{ ...recipe('simclr'), permutedReports: true }])).toThrow(
    'none of its objectives',
  );
  const twice = recipe('clip');
  expect(() => assertRecipes([{ ...twice, objectives: [...twice.objectives, ...twice.objectives] }])).toThrow(
    'twice',
  );
});
