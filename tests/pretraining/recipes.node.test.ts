/** Recipes on offer can be built, and what cannot be is refused. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { assertRecipes } from '../../src/pretraining/check-recipes.ts';
import { objectives } from '../../src/pretraining/registry.ts';
import { presets } from '../../src/study/presets/registry.ts';
import { offeredRecipes } from '../../src/study/recipes.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('names of the registry are those of its entries', () => {
  for (const [name, objective] of Object.entries(objectives)) expect(objective.name).toBe(name);
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
  expect(() => assertRecipes([recipe('simclr', { temperature: 5 })])).toThrow(
    'temperature must be a number from 0.01 to 1',
  );
  expect(() => assertRecipes([{ ...recipe('simclr'), permutedReports: true }])).toThrow(
    'none of its objectives',
  );
  const twice = recipe('clip');
  expect(() => assertRecipes([{ ...twice, objectives: [...twice.objectives, ...twice.objectives] }])).toThrow(
    'twice',
  );
});
