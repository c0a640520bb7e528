/** The recipe of CONTRIBUTING.md for a new objective, followed: built, registered, trained. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Objective } from '../../src/pretraining/objective.ts';
import { pretrain, type Pretrained } from '../../src/pretraining/pretrain.ts';
import { objectives } from '../../src/pretraining/registry.ts';
import { backends, useBackend } from '../backends.ts';
import { smallCohort, smokeRun } from './small-cohort.ts';
import { alignmentUniformity } from './worked-objective.ts';

// Stands for the line in src/pretraining/registry.ts.
const registry = objectives as Record<string, Objective>;
const { name } = alignmentUniformity;
beforeAll(() => {
  registry[name] = alignmentUniformity;
});
afterAll(() => {
  delete registry[name];
});

/** Trains to the end, with the training loss of each step. */
async function train(): Promise<{ readonly result: Pretrained; readonly losses: readonly number[] }> {
  const events = pretrain(smokeRun([name]), smallCohort(), { assertAlive: () => undefined });
  const losses: number[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done) return { result: next.value, losses };
    if (next.value.kind === 'point') losses.push(next.value.point.trainingLoss);
  }
}

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('the worked objective trains: its loss is finite and falls, and no tensor is left', async () => {
    const before = tf.memory().numTensors;
    const { result, losses } = await train();
    expect(tf.memory().numTensors).toBe(before);
    expect(result.steps).toBe(12);
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(losses.at(-1)!).toBeLessThan(losses[0]!);
    expect(Object.keys(result.weights).length).toBeGreaterThan(0);
  });
});
