/** Steps counted by hand. */
import { expect, test } from 'vitest';
import { pretrainingSteps } from '../../src/training/pre-training-steps.ts';

const settings = { imagesSeen: 1000, batchSize: 64, validateEveryImages: 200 };

test('batches are taken until as many films were seen', () => {
  // 15 batches of 64 are 960 films: a 16th is needed; 200 films are 3.1 batches.
  expect(pretrainingSteps(settings, 500)).toEqual({ batch: 64, steps: 16, validateEverySteps: 3 });
});

test('a cohort smaller than a batch makes smaller steps', () => {
  expect(pretrainingSteps(settings, 40)).toEqual({ batch: 40, steps: 25, validateEverySteps: 5 });
});

test('there is a step and a validation, however few films are asked for', () => {
  expect(pretrainingSteps({ ...settings, imagesSeen: 1, validateEveryImages: 1 }, 500)).toEqual({
    batch: 64,
    steps: 1,
    validateEverySteps: 1,
  });
});
