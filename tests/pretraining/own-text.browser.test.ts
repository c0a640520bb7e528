/**
 * Alignment with embeddings of reports that were known before, in place of a text encoder that is trained: only V and the projections learn,
 * and a batch in parts gives the gradients of the whole batch.
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { precomputedText } from '../../src/models/text/precomputed-text.ts';
import type { PretrainingData } from '../../src/pretraining/data.ts';
import { PretrainingTask } from '../../src/pretraining/pretraining-task.ts';
import { Random } from '../../src/random/random.ts';
import { backends, useBackend } from '../backends.ts';
import { smallCohort, smokeRun } from './small-cohort.ts';

const cohort = smallCohort();
const random = new Random('embeddings');
const embeddings = new Map(
  cohort.reports.map((report) => [report, Float32Array.from({ length: 12 }, () => random.normal())]),
);
const textEntry = precomputedText({ name: 'imported:text-own', label: 'Own' }, embeddings);
const data: PretrainingData = { ...cohort, textEntry };
const textEncoder = { name: 'imported:text-own', settings: {} };

async function lossAndGradients(task: PretrainingTask, parts: number): Promise<Map<string, number[]>> {
  const batch = await task.load(task.rows.slice(0, 8), new Random('batch'), 0);
  const inputs = Object.fromEntries(
    Object.entries(batch).map(([name, { values, shape, dtype }]) => [
      name,
      tf.tensor(values, [...shape], dtype),
    ]),
  );
  const variables = task.variables.map(({ variable }) => variable);
  const { value, grads } = tf.variableGrads(() => task.loss(inputs, parts), variables);
  const result = new Map([['loss', Array.from(await value.data())]]);
  for (const { name, variable } of task.variables) {
    const gradient = grads[variable.name];
    if (gradient) result.set(name, Array.from(await gradient.data()));
  }
  tf.dispose([value, grads, inputs]);
  return result;
}

describe.each(backends)('alignment with known embeddings on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(['clip', 'convirt', 'siglip'])(
    '%s trains V, in parts as in one, and leaves no tensor',
    async (name) => {
      const before = tf.memory().numTensors;
      const task = await PretrainingTask.build(smokeRun([name], { textEncoder }), data);
      const whole = await lossAndGradients(task, 1);
      expect(whole.size).toBe(task.variables.length + 1);
      expect(whole.get('loss')![0]).toBeGreaterThan(0);
      const overall = Math.max(...[...whole.values()].flat().map(Math.abs));
      const cut = await lossAndGradients(task, 2);
      expect([...cut.keys()]).toEqual([...whole.keys()]);
      for (const [what, values] of whole) {
        const worst = Math.max(...values.map((value, i) => Math.abs(value - cut.get(what)![i]!)));
        expect(worst, what).toBeLessThanOrEqual(1e-4 * Math.max(...values.map(Math.abs)) + 1e-6 * overall);
      }
      task.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});
