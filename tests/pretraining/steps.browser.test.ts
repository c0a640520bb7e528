/** What happens in a captured step of pre-training beside loss and gradients: parts, bounds, teachers; and what is told of groups and collapse. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { assignInPlace } from '../../src/kernels/assign.ts';
import { pretrain } from '../../src/pretraining/pretrain.ts';
import { PretrainingTask } from '../../src/pretraining/pretraining-task.ts';
import { signalNames } from '../../src/evaluation/embedding-signals.ts';
import { collapseOf } from '../../src/pretraining/signals.ts';
import { Random } from '../../src/random/random.ts';
import { AdamW } from '../../src/training/optimizers/adamw.ts';
import { TrainingStep } from '../../src/training/training-step.ts';
import { readWeights } from '../../src/training/weights.ts';
import { backends, useBackend } from '../backends.ts';
import { smallCohort, smokeRun } from './small-cohort.ts';

const data = smallCohort();

describe('on webgpu', () => {
  beforeAll(() => useBackend('webgpu'));

  it('a contrastive batch that does not fit goes through the encoders in parts, with the loss of the whole batch', async () => {
    const numbers: number[][] = [];
    let bytes = 0;
    for (const share of [1, 0.7]) {
      const task = await PretrainingTask.build(smokeRun(['clip', 'mae']), data);
      const optimizer = new AdamW(task.variables, { weightDecay: 0 });
      const budget = share === 1 ? {} : { memoryBudget: share * bytes };
      const step = new TrainingStep(task, optimizer, { batchSize: 8, clipNorm: 1, eager: false, ...budget });
      const batch = await task.load(task.rows.slice(0, 8), new Random('batch'), 1);
      const program = await step.run(1, 0.001, batch);
      const [scalars] = await program.readScalars();
      numbers.push([...scalars!]);
      if (share === 1) bytes = program.cost.bytes;
      else expect(program.cost.bytes).toBeLessThanOrEqual(share * bytes);
      expect(step.parts > 1).toBe(share < 1);
      for (const part of [step, optimizer, task]) part.dispose();
    }
    const [whole, parts] = numbers as [number[], number[]];
    whole.forEach((value, i) => expect(Math.abs(parts[i]! / value - 1)).toBeLessThan(1e-4));
  });
});

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('CLIP’s factor on cosines stays at 100 or below', async () => {
    const task = await PretrainingTask.build(smokeRun(['clip']), data);
    const scale = task.variables.find(({ name }) => name === 'clip.logit_scale')!.variable;
    expect((await scale.data())[0]).toBeCloseTo(-Math.log(0.07), 6);
    for (const [given, kept] of [
      [5, Math.log(100)],
      [3, 3],
    ] as const) {
      tf.tidy(() => {
        assignInPlace(scale, tf.scalar(given));
        task.afterUpdate({});
      });
      expect((await scale.data())[0]).toBeCloseTo(kept, 5);
    }
    task.dispose();
  });

  it('DINO’s teacher begins as its student and follows it; its centre moves in training only', async () => {
    const task = await PretrainingTask.build(smokeRun(['dino']), data);
    const teacher = await readWeights(task.buffers);
    const student = await readWeights(task.variables);
    for (const [name, values] of Object.entries(teacher).filter(([name]) =>
      name.startsWith('dino.teacher.'),
    )) {
      expect(values, name).toEqual(student[name.replace('dino.teacher.', '')]);
    }
    expect(Object.keys(teacher)).toContain('dino.centre');
    expect(Object.keys(teacher)).toHaveLength(task.variables.length + 1);

    const first = task.variables[0]!;
    tf.tidy(() => {
      assignInPlace(first.variable, tf.add(first.variable, 1));
      task.afterUpdate({ 'dino: decay': tf.scalar(0.75) });
    });
    const followed = (await readWeights(task.buffers))[`dino.teacher.${first.name}`]!;
    followed.forEach((value, i) => expect(value).toBeCloseTo(student[first.name]![i]! + 0.25, 5));

    const centreOf = async (): Promise<Float32Array> => (await readWeights(task.buffers))['dino.centre']!;
    const still = await centreOf();
    await task.validate();
    expect(await centreOf()).toEqual(still);
    const batch = await task.load(task.rows.slice(0, 8), new Random('batch'), 1);
    const inputs = Object.fromEntries(
      Object.entries(batch).map(([name, { values, shape, dtype }]) => [
        name,
        tf.tensor(values, [...shape], dtype),
      ]),
    );
    tf.tidy(() => task.loss(inputs, 1));
    expect(await centreOf()).not.toEqual(still);
    tf.dispose(inputs);
    task.dispose();
  });

  it('films of a patient and reports of a wording come with one number each', async () => {
    const same = { ...data, reports: data.reports.map((report, i) => (i % 3 === 0 ? 'Clear.' : report)) };
    const load = async (groupNegatives: boolean) => {
      const spec = smokeRun(['clip']);
      const task = await PretrainingTask.build(
        { ...spec, settings: { ...spec.settings, groupNegatives } },
        same,
      );
      const batch = await task.load([0, 1, 2, 3, 6], new Random(1), 1);
      task.dispose();
      return batch;
    };
    const { patient, wording } = await load(true);
    const equal = (values: ArrayLike<number>, i: number, j: number): boolean => values[i] === values[j];
    // Rows 0 and 1 are of one patient, as are 2 and 3; rows 0, 3 and 6 are worded alike.
    expect([
      equal(patient!.values, 0, 1),
      equal(patient!.values, 2, 3),
      equal(patient!.values, 1, 2),
    ]).toEqual([true, true, false]);
    expect([
      equal(wording!.values, 0, 3),
      equal(wording!.values, 0, 4),
      equal(wording!.values, 0, 1),
    ]).toEqual([true, true, false]);
    const ungrouped = await load(false);
    expect([ungrouped['patient'], ungrouped['wording']]).toEqual([undefined, undefined]);
  });

  it('films without a report are left out where reports are used, and nowhere else', async () => {
    const some = { ...data, reports: data.reports.map((report, i) => (i % 2 === 0 ? ' ' : report)) };
    const rowsOf = async (name: string): Promise<readonly number[]> => {
      const task = await PretrainingTask.build(smokeRun([name]), some);
      task.dispose();
      return task.rows;
    };
    expect(await rowsOf('siglip')).toEqual(data.trainingRows.filter((row) => row % 2 === 1));
    expect(await rowsOf('simclr')).toEqual(data.trainingRows);
    const none = { ...data, reports: data.reports.map(() => '') };
    await expect(PretrainingTask.build(smokeRun(['clip']), none)).rejects.toThrow('films with a report');
  });

  it('a loss that is not finite stops the run and names the step', async () => {
    const spec = smokeRun(['simclr']);
    const wild = { ...spec, settings: { ...spec.settings, learningRate: 1e30, clipNorm: 0 } };
    const events = pretrain(wild, data, { assertAlive: () => undefined });
    const run = async (): Promise<void> => {
      for (;;) if ((await events.next()).done) return;
    };
    await expect(run()).rejects.toThrow(/step \d+/);
  });
});

it('collapse is told by deviation and by directions', () => {
  const signals = (deviation: number, dimensions: number) =>
    collapseOf({ [signalNames.deviation]: deviation, [signalNames.effectiveDimensions]: dimensions });
  expect(signals(0.5, 6)).toBeNull();
  expect(signals(0.001, 6)).toContain('have collapsed');
  expect(signals(0.5, 1.1)).toContain('have collapsed');
});
