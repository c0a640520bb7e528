/**
 * What every method promises, over the registry: it builds, learns what can be learned, predicts every row and leaves no tensor. And what
 * distillation promises: λ = 0 is the baseline to the last bit, λ > 0 listens to the teacher, shuffled reports make another teacher.
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { permuteReports } from '../../src/cohort/permuted-reports.ts';
import type { CohortRow } from '../../src/cohort/cohort.ts';
import { registerKernels } from '../../src/kernels/registry.ts';
import type { FineTuningData } from '../../src/training/data.ts';
import { fineTune, type FineTuned } from '../../src/training/fine-tune.ts';
import type { FineTuning } from '../../src/training/fine-tuning.ts';
import type { MethodName } from '../../src/training/methods/inputs.ts';
import { methods } from '../../src/training/methods/registry.ts';
import { backends, useBackend } from '../backends.ts';
import { separableData, shortProbe } from '../../src/bench/separable-data.ts';

const data = separableData({ trainingRows: 30, otherRows: 12, dimensions: 6 });
const names = Object.keys(methods) as MethodName[];

function specOf(method: MethodName, changes: Partial<FineTuning> = {}): FineTuning {
  const taught = methods[method].distils ? { lambda: 0.5, temperature: 2 } : {};
  return { ...shortProbe, method, ...taught, ...changes };
}

async function run(spec: FineTuning, ofWhat: FineTuningData = data): Promise<FineTuned> {
  const events = fineTune(spec, ofWhat, { assertAlive: () => undefined });
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
  }
}

const logitsOf = ({ trainingLogits, validationLogits, testLogits }: FineTuned): readonly number[] => [
  ...trainingLogits,
  ...validationLogits,
  ...testLogits,
];

/** The reports of the training rows shuffled, as the permuted control's teacher is given them. */
function withShuffledReports(whole: FineTuningData): FineTuningData {
  const trained = new Set(whole.trainingRows);
  const rows = whole.reports.map((report, index): CohortRow => {
    const split = trained.has(index) ? 'train' : 'test';
    return { index, imageId: `${index}`, patientId: `${index}`, report, labels: [], split, groups: {} };
  });
  return { ...whole, reports: permuteReports(rows, whole.trainingRows, 1) };
}

describe.each(backends)('on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    if (backend === 'webgpu') registerKernels();
  });

  describe.each(names)('%s', (method) => {
    it('learns, predicts every row and leaves no tensor', async () => {
      const before = tf.memory().numTensors;
      const tuned = await run(specOf(method));
      expect(tf.memory().numTensors).toBe(before);
      expect(tuned.trainingLogits).toHaveLength(data.trainingRows.length);
      expect(tuned.validationLogits).toHaveLength(data.validationRows.length);
      expect(tuned.testLogits).toHaveLength(data.testRows.length);
      expect(logitsOf(tuned).every(Number.isFinite)).toBe(true);
      const losses = tuned.history.map(({ trainingLoss }) => trainingLoss);
      expect(losses.every(Number.isFinite)).toBe(true);
      expect(losses.at(-1)).toBeLessThan(losses[0]!);
      expect(tuned.validationAuroc).toBeGreaterThan(0.9);
      expect(tuned.validationScore).toBe(tuned.validationAuroc);
      const weightOf = (word: string) => tuned.words?.find((one) => one.word === word)?.weight;
      if (method === 'textOnly') expect(weightOf('effusion')).toBeGreaterThan(weightOf('clear')!);
      else expect(tuned.words).toBeNull();
    });

    it('is the same run at the same seed, and another at another', async () => {
      const [first, again] = [await run(specOf(method)), await run(specOf(method))];
      expect(again).toEqual(first);
      expect(logitsOf(await run(specOf(method, { seed: 6 })))).not.toEqual(logitsOf(first));
    });
  });

  it('with λ = 0 distillation is the baseline to the last bit', async () => {
    const baseline = await run(specOf('imageOnly'));
    const student = await run(specOf('distillation', { lambda: 0, temperature: 3 }));
    expect(student).toEqual(baseline);
  });

  it('with λ > 0 a student learns from its teacher, and with λ = 1 from nobody else', async () => {
    const teacherLogits = new Map([...data.teacherLogits!].map(([row, logit]) => [row, -logit]));
    const contrary = { ...data, teacherLogits };
    const student = await run(specOf('distillation'));
    expect(logitsOf(await run(specOf('distillation'), contrary))).not.toEqual(logitsOf(student));
    const obedient = await run(specOf('distillation', { lambda: 1 }), contrary);
    expect(obedient.validationAuroc).toBeLessThan(0.5);
    const flipped = new Map([...data.labels].map(([row, label]) => [row, label === 1 ? 0 : 1] as const));
    const onlyTraining = new Map(
      [...data.labels].map(
        ([row, label]) => [row, data.trainingRows.includes(row) ? flipped.get(row)! : label] as const,
      ),
    );
    // The weight of positives would change with the labels; equal classes keep it at 1 on both sides.
    const even = data.trainingRows.filter((row) => data.labels.get(row) === 1);
    const odd = data.trainingRows.filter((row) => data.labels.get(row) === 0).slice(0, even.length);
    const balanced = { ...data, trainingRows: [...even, ...odd] };
    expect(await run(specOf('distillation', { lambda: 1 }), { ...balanced, labels: onlyTraining })).toEqual(
      await run(specOf('distillation', { lambda: 1 }), balanced),
    );
  });

  it.each(['teacher', 'textOnly'] as const)('shuffled reports make another %s', async (method) => {
    const tuned = await run(specOf(method));
    const shuffled = await run(specOf(method), withShuffledReports(data));
    expect(shuffled.trainingLogits).not.toEqual(tuned.trainingLogits);
    if (method === 'textOnly') expect(shuffled.validationAuroc).toBeLessThan(tuned.validationAuroc!);
  });

  it('reports and labels of test patients change no weight', async () => {
    const tuned = await run(specOf('teacher'));
    const test = new Set(data.testRows);
    const changed = {
      ...data,
      reports: data.reports.map((report, row) => (test.has(row) ? 'Words that nobody has learned.' : report)),
      labels: new Map([...data.labels].map(([row, label]) => [row, test.has(row) ? 0 : label] as const)),
    };
    const other = await run(specOf('teacher'), changed);
    expect(other.trainingLogits).toEqual(tuned.trainingLogits);
    expect(other.validationLogits).toEqual(tuned.validationLogits);
    expect(other.testLogits).not.toEqual(tuned.testLogits);
  });
});
