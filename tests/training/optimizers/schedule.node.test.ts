/** The loop's learning rates: no step is lost on a rate of 0, and the peak is reached. The curve itself is held to golden numbers. */
import { expect, test } from 'vitest';
import { learningRateOfStep, warmupCosine } from '../../../src/training/optimizers/schedule.ts';

const rates = (warmupSteps: number, maxSteps: number): number[] =>
  Array.from({ length: maxSteps }, (_, i) =>
    learningRateOfStep(i + 1, { learningRate: 0.5, warmupSteps, maxSteps }),
  );

test('the warm-up rises in equal steps and ends at the peak', () => {
  expect(rates(4, 20).slice(0, 5)).toEqual([0.125, 0.25, 0.375, 0.5, 0.5]);
});

test.each([
  [0, 1],
  [0, 10],
  [3, 10],
  [10, 10],
  [20, 10],
])(
  'warm-up %i of %i steps: every rate is in (0, peak], and after the warm-up none rises',
  (warmup, steps) => {
    const all = rates(warmup, steps);
    for (const rate of all) expect(rate > 0 && rate <= 0.5).toBe(true);
    const after = all.slice(warmup);
    expect(after).toEqual([...after].sort((a, b) => b - a));
  },
);

test('halfway down the cosine stands the mean of peak and floor', () => {
  const schedule = { totalSteps: 30, warmupSteps: 10, peak: 1, floor: 0.2 };
  expect(warmupCosine(schedule, 20)).toBeCloseTo(0.6, 12);
  expect(warmupCosine(schedule, 30)).toBeCloseTo(0.2, 12);
  expect(warmupCosine(schedule, 99)).toBeCloseTo(0.2, 12);
});
