import { expect, test } from 'vitest';
import type { Checkpoint, TrainingEvent } from '../../src/training/task.ts';
import { LoopTimes } from '../../src/jobs/loop-times.ts';

const validation: TrainingEvent = {
  kind: 'point',
  point: { step: 1, trainingLoss: 1, learningRate: 1, gradientNorm: 1, validationLoss: 1 },
};
const between: TrainingEvent = {
  kind: 'point',
  point: { step: 1, trainingLoss: 1, learningRate: 1, gradientNorm: 1 },
};
const part = { a: new Float32Array(10), b: new Float32Array(2) };
const checkpoint = {
  kind: 'checkpoint',
  checkpoint: {
    weights: part,
    firstMoments: part,
    secondMoments: part,
    bestWeights: {},
  } as unknown as Checkpoint,
} as const;

test('step, validation, set-up and checkpoint are told apart from the moments of events', () => {
  let now = 1000;
  const times = new LoopTimes(4, () => now);
  const after = (ms: number, event: TrainingEvent): void => {
    now += ms;
    times.take(event);
  };
  // Set-up 500, a step 7, a validation 30, a checkpoint 11; each validation at the end of its stretch.
  after(500 + 4 * 7 + 30, validation);
  after(11, checkpoint);
  after(2 * 7, between);
  after(2 * 7 + 30, validation);
  after(11, checkpoint);
  after(7 + 30, validation);
  now += 90;
  times.end();
  expect(times.steps).toBe(9);
  expect(times.timings()).toEqual({
    setupMs: 500,
    unitMs: 7,
    validationMs: 30,
    checkpointMs: 11,
    checkpointBytes: 3 * 4 * 12,
  });
  expect(times.sinceLastMs).toBe(90);
});

test('noise that makes one step longer than four leaves no negative pace', () => {
  let now = 0;
  const times = new LoopTimes(4, () => now);
  for (const ms of [100, 40, 60]) {
    now += ms;
    times.take(validation);
  }
  const { unitMs, validationMs } = times.timings();
  expect(unitMs).toBeGreaterThan(0);
  expect(4 * unitMs + validationMs).toBeCloseTo(40);
});

test('a run that did not validate three times has no pace', () => {
  expect(() => new LoopTimes(4).timings()).toThrow('expected three validations, got 0');
});
