/**
 * What every objective promises, over the registry and for sums: it builds from its smoke settings, its loss falls, its gradient is that of its
 * loss, a batch in parts has the gradients of the whole batch, it leaves no tensor, the same seed is the same run, and a run goes on from a
 * checkpoint bit for bit.
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Pretraining } from '../../src/pretraining/data.ts';
import { pretrain, type Pretrained, type PretrainOptions } from '../../src/pretraining/pretrain.ts';
import { PretrainingTask } from '../../src/pretraining/pretraining-task.ts';
import { objectives } from '../../src/pretraining/registry.ts';
import { signalNames } from '../../src/evaluation/embedding-signals.ts';
import { Random } from '../../src/random/random.ts';
import type { HostTensors } from '../../src/tensors/host-tensor.ts';
import type { Checkpoint } from '../../src/training/task.ts';
import { readWeights, writeWeights } from '../../src/training/weights.ts';
import { backends, useBackend } from '../backends.ts';
import { smallCohort, smokeRun } from './small-cohort.ts';

const data = smallCohort();
const recipes: readonly (readonly string[])[] = [
  ...Object.keys(objectives).map((name) => [name]),
  ['clip', 'mae', 'mlm'],
];

interface Run {
  readonly result: Pretrained;
  readonly checkpoints: readonly Checkpoint[];
}

async function run(spec: Pretraining, options: Partial<PretrainOptions> = {}): Promise<Run> {
  const events = pretrain(spec, data, { assertAlive: () => undefined, ...options });
  const checkpoints: Checkpoint[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done) return { result: next.value, checkpoints };
    if (next.value.kind === 'checkpoint') checkpoints.push(next.value.checkpoint);
  }
}

function onDevice(inputs: HostTensors): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { values, shape, dtype }]) => [
      name,
      tf.tensor(values, [...shape], dtype),
    ]),
  );
}

/** Loss and gradients of one batch, in so many parts; what the loss moves in place is put back. */
async function gradientsOf(
  task: PretrainingTask,
  batch: HostTensors,
  parts: number,
): Promise<{ loss: number; gradients: Map<string, Float32Array> }> {
  const buffers = await readWeights(task.buffers);
  const inputs = onDevice(batch);
  const variables = task.variables.map(({ variable }) => variable);
  const { value, grads } = tf.variableGrads(() => task.loss(inputs, parts), variables);
  const gradients = new Map<string, Float32Array>();
  for (const { name, variable } of task.variables) {
    const gradient = grads[variable.name];
    if (gradient) gradients.set(name, (await gradient.data()) as Float32Array);
  }
  const [loss] = await value.data();
  tf.dispose([value, grads, inputs]);
  if (task.buffers.length > 0) writeWeights(task.buffers, buffers);
  return { loss: loss!, gradients };
}

function largestOf(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

async function firstBatch(task: PretrainingTask): Promise<HostTensors> {
  return task.load(task.rows.slice(0, 8), new Random('a batch'), 1);
}

/** The teacher and the centre of DINO move, so that its loss need not fall in a few steps. */
const movingTargets = ['dino'];

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(recipes.map((names) => [names.join(' + '), names] as const))('%s', (_, names) => {
    it('learns, measures its signals and leaves no tensor; goes on from a checkpoint bit for bit', async () => {
      const before = tf.memory().numTensors;
      const { result, checkpoints } = await run(smokeRun(names), { checkpointEverySteps: 1 });
      expect(tf.memory().numTensors).toBe(before);
      expect([result.steps, result.imagesSeen]).toEqual([12, 96]);
      const losses = result.history.map(({ trainingLoss }) => trainingLoss);
      expect(losses.every(Number.isFinite)).toBe(true);
      if (!names.some((name) => movingTargets.includes(name))) expect(losses.at(-1)).toBeLessThan(losses[0]!);
      const validations = result.history.filter(({ signals }) => signals);
      expect(validations.map(({ step }) => step)).toEqual([6, 12]);
      expect(validations.every(({ validationLoss }) => Number.isFinite(validationLoss))).toBe(true);
      const { signals } = validations[1]!;
      expect(signals![signalNames.probe]).toBeGreaterThanOrEqual(0);
      expect(signals![signalNames.deviation]).toBeGreaterThan(0);
      expect(signals![signalNames.effectiveDimensions]).toBeGreaterThanOrEqual(1);
      const aligns = names.some((name) => ['clip', 'convirt', 'siglip'].includes(name));
      expect(signals![signalNames.recall('imageToReport', 10)] !== undefined).toBe(aligns);
      expect(result.nearestReports.length > 0).toBe(aligns);
      const draws = names.some((name) => ['mae', 'mrm'].includes(name));
      expect(result.reconstructions.length > 0).toBe(draws);
      expect(Object.values(result.weights).every((values) => values.every(Number.isFinite))).toBe(true);
      expect(checkpoints[0]!.step).toBe(6);
      // The loop is the same on both backends; where steps are captured, they are captured anew.
      if (backend === 'webgpu')
        expect((await run(smokeRun(names), { resumeFrom: checkpoints[0]! })).result).toEqual(result);
    });

    it('has the gradient of its loss: the slope along it, by central differences, is its length', async () => {
      const task = await PretrainingTask.build(smokeRun(names), data);
      const batch = await firstBatch(task);
      const { loss, gradients } = await gradientsOf(task, batch, 1);
      const length = Math.sqrt(
        [...gradients.values()].reduce((sum, values) => sum + values.reduce((s, v) => s + v * v, 0), 0),
      );
      const start = await readWeights(task.variables);
      const lossAt = async (step: number): Promise<number> => {
        const moved = task.variables.map(({ name }) => {
          const gradient = gradients.get(name);
          return [name, start[name]!.map((v, i) => v + (step * (gradient?.[i] ?? 0)) / length)] as const;
        });
        writeWeights(task.variables, Object.fromEntries(moved));
        return (await gradientsOf(task, batch, 1)).loss;
      };
      // A long step runs into kinks of rectifiers, a short one is lost where weights are rounded: one of two must do.
      const errors: number[] = [];
      for (const share of [1e-3, 1e-4]) {
        const step = (share * Math.max(1, Math.abs(loss))) / length;
        const slope = ((await lossAt(step)) - (await lossAt(-step))) / (2 * step);
        errors.push(Math.abs(slope / length - 1));
      }
      task.dispose();
      expect(Math.min(...errors), `errors ${errors.join(', ')} at a length of ${length}`).toBeLessThan(0.01);
    });

    // Parts are composed of the same operations on both backends; on webgpu, where shaders of each part are compiled, one sum stands for all.
    if (backend === 'webgpu' && names.length === 1) return;

    it('has the same loss and gradients when the batch goes through the encoders in parts', async () => {
      const task = await PretrainingTask.build(smokeRun(names), data);
      const batch = await firstBatch(task);
      const whole = await gradientsOf(task, batch, 1);
      expect(whole.gradients.size).toBeGreaterThan(0);
      const overall = Math.max(...[...whole.gradients.values()].map(largestOf));
      for (const parts of backend === 'cpu' ? [2, 4] : [2]) {
        const cut = await gradientsOf(task, batch, parts);
        // An objective whose examples are not coupled counts each part's masked places alike.
        expect(Math.abs(cut.loss - whole.loss)).toBeLessThan(1e-5 * Math.max(1, Math.abs(whole.loss)));
        expect([...cut.gradients.keys()].sort()).toEqual([...whole.gradients.keys()].sort());
        for (const [name, values] of whole.gradients) {
          const largest = largestOf(values);
          const worst = values.reduce(
            (most, value, i) => Math.max(most, Math.abs(value - cut.gradients.get(name)![i]!)),
            0,
          );
          expect(worst, `${name} in ${parts} parts`).toBeLessThanOrEqual(1e-4 * largest + 1e-6 * overall);
        }
      }
      task.dispose();
    });
  });

  it('another seed is another run', async () => {
    const [first, other] = [await run(smokeRun(['clip'])), await run(smokeRun(['clip'], { seed: 4 }))];
    expect(other.result.weights).not.toEqual(first.result.weights);
  });
});
