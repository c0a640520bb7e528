/**
 * The loop on tasks whose outcome is known another way: Newton's solution, scripted validation, uninterrupted runs. On cpu and webgpu.
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { DeviceLostError, NotFiniteError } from '../../src/errors.ts';
import { Random } from '../../src/random/random.ts';
import { backends, useBackend } from '../backends.ts';
import type { Checkpoint, TrainingEvent, TrainingSettings, Validation } from '../../src/training/task.ts';
import { train, type TrainOptions } from '../../src/training/train.ts';
import { readWeights, writeWeights, type Weights } from '../../src/training/weights.ts';
import {
  collect,
  endOf,
  makeToyData,
  makeToyTask,
  newtonLogistic,
  shortRun,
  type ToyOptions,
  type ToyTask,
} from './toy-tasks.ts';

const data = makeToyData(21, 3);

/** Trains a toy task to its end. */
async function run(
  toy: ToyOptions = {},
  settings: Partial<TrainingSettings> = {},
  options: TrainOptions = {},
  seed = 7,
): Promise<{ events: TrainingEvent[]; weights: Weights; task: ToyTask }> {
  const task = makeToyTask(data, toy);
  const events = await collect(train(task, { ...shortRun, ...settings }, new Random(seed), options));
  const weights = await readWeights([...task.variables, ...(task.buffers ?? [])]);
  task.dispose();
  return { events, weights, task };
}

const scripted =
  (aurocs: readonly number[], seen: Weights[] = []) =>
  async (count: number, task: ToyTask): Promise<Validation> => {
    seen.push(await readWeights(task.variables));
    return { loss: 1, auroc: aurocs[count - 1]! };
  };

const checkpointsOf = (events: readonly TrainingEvent[]): Checkpoint[] =>
  events.flatMap((event) => (event.kind === 'checkpoint' ? [event.checkpoint] : []));

describe.each(backends)('train on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    expect(tf.getBackend()).toBe(backend);
  });

  test('full-batch logistic regression ends at the maximum likelihood that Newton finds', async () => {
    const { weights, events } = await run(
      {},
      {
        batchSize: 21,
        weightDecay: 0,
        clipNorm: 0,
        learningRate: 0.1,
        maxSteps: 300,
        validateEverySteps: 300,
      },
    );
    const solution = newtonLogistic(data);
    const found = [...weights['head.weight']!, ...weights['head.bias']!];
    found.forEach((value, i) =>
      expect(Math.abs(value - solution[i]!), `coefficient ${i}`).toBeLessThan(1e-3),
    );
    expect(endOf(events)).toMatchObject({ reason: 'allSteps', steps: 300, bestStep: 300 });
  });

  test('early stopping keeps the earlier of equal validations, and gives its weights back', async () => {
    const seen: Weights[] = [];
    const validation = scripted([0.6, 0.7, 0.7, 0.65, 0.9], seen);
    const { events, weights } = await run({ hidden: 4, validation }, { validateEverySteps: 5, patience: 2 });
    expect(endOf(events)).toMatchObject({ reason: 'earlyStopping', steps: 20, bestStep: 10, bestScore: 0.7 });
    expect(weights).toEqual(seen[1]);
    expect(weights).not.toEqual(seen[3]);
  });

  test('patience 0 never stops early; undefined AUROC is judged by the loss', async () => {
    const losses = [0.5, 0.4, 0.6, 0.7, 0.8];
    const validation = (count: number): Validation => ({ loss: losses[count - 1]!, auroc: undefined });
    const { events } = await run({ hidden: 4, validation }, { maxSteps: 23, validateEverySteps: 5 });
    expect(endOf(events)).toMatchObject({ reason: 'allSteps', steps: 23, bestStep: 10, bestScore: -0.4 });
  });

  test('the history holds a point for every ten steps and every validation, with the mean of the losses since the last', async () => {
    const losses: number[] = [];
    const watch = (loss: tf.Scalar): tf.Scalar => {
      losses.push(loss.dataSync()[0]!);
      return loss;
    };
    const { events } = await run(
      { hidden: 4, ...(backend === 'cpu' && { loss: watch }) },
      { maxSteps: 23, validateEverySteps: 15 },
    );
    const { history } = endOf(events);
    expect(history.map(({ step }) => step)).toEqual([10, 15, 20, 23]);
    expect(history.map(({ validationLoss }) => validationLoss !== undefined)).toEqual([
      false,
      true,
      false,
      true,
    ]);
    const points = events.flatMap((event) => (event.kind === 'point' ? [event.point] : []));
    expect(points).toEqual(history);
    if (backend !== 'cpu') return; // losses cannot be read back at once there
    const mean = (from: number, to: number): number =>
      losses.slice(from, to).reduce((sum, loss) => sum + loss, 0) / (to - from);
    expect(history[1]!.trainingLoss).toBeCloseTo(mean(10, 15), 12);
    expect(history[3]!.trainingLoss).toBeCloseTo(mean(20, 23), 12);
  });

  test('the same seed gives the same weights and history, another seed others', async () => {
    const [first, second] = [await run({ hidden: 4 }), await run({ hidden: 4 })];
    expect(second.weights).toEqual(first.weights);
    expect(endOf(second.events)).toEqual(endOf(first.events));
    const other = await run({ hidden: 4 }, {}, {}, 8);
    expect(other.weights).not.toEqual(first.weights);
  });

  test('arms share batches and draws at the same seed, whatever their weights, and a batch is loaded once', async () => {
    const [one, two] = [await run({ hidden: 4, seed: 1 }), await run({ hidden: 6, seed: 2 })];
    expect(one.task.loads).toHaveLength(shortRun.maxSteps);
    expect(two.task.loads).toEqual(one.task.loads);
    expect(new Set(one.task.loads.map(({ draw }) => draw)).size).toBe(shortRun.maxSteps);
  });

  test.each([12, 25])(
    'resuming from a checkpoint (every %i steps) ends bit for bit as if never interrupted',
    async (every) => {
      const whole = await run({ hidden: 4, runningMean: true });
      expect(Object.keys(whole.weights)).toContain('running_mean');
      const task = makeToyTask(data, { hidden: 4, runningMean: true });
      const events = train(task, shortRun, new Random(7), { checkpointEverySteps: every });
      let checkpoint: Checkpoint | undefined;
      for await (const event of events) {
        if (event.kind === 'checkpoint') checkpoint = structuredClone(event.checkpoint);
        if (checkpoint) break;
      }
      task.dispose();
      expect(checkpoint!.step).toBeGreaterThanOrEqual(every);
      expect(checkpoint!.step).toBeLessThan(shortRun.maxSteps);
      const resumed = await run({ hidden: 4, seed: 99, runningMean: true }, {}, { resumeFrom: checkpoint! });
      expect(resumed.task.loads[0]).toEqual(whole.task.loads[checkpoint!.step]);
      expect(resumed.weights).toEqual(whole.weights);
      expect(endOf(resumed.events)).toEqual(endOf(whole.events));
    },
  );

  test('checkpoints neither change the run nor fall on its end', async () => {
    const plain = await run({ hidden: 4 });
    const { events, weights } = await run({ hidden: 4 }, {}, { checkpointEverySteps: 1 });
    expect(weights).toEqual(plain.weights);
    expect(endOf(events)).toEqual(endOf(plain.events));
    expect(checkpointsOf(events).map(({ step }) => step)).toEqual([10, 15, 20, 30]);
    expect(
      checkpointsOf(events)
        .at(-1)!
        .history.map(({ step }) => step),
    ).toEqual([10, 15, 20, 30]);
  });

  test('checkpoints come by the clock when asked', async () => {
    let ms = 0;
    const { events } = await run({ hidden: 4 }, {}, { checkpointEveryMs: 2, now: () => ms++ });
    expect(checkpointsOf(events).map(({ step }) => step)).toEqual([15, 30]);
  });

  test('a loss that is not finite names its first step and the learning rate', async () => {
    const corrupt = (
      input: { features: readonly (readonly number[])[]; labels: readonly number[] },
      step: number,
    ) => (step < 7 ? input : { ...input, features: input.features.map((row) => row.map(() => NaN)) });
    const failure = run({ hidden: 4, corrupt }, { warmupSteps: 0, maxSteps: 1000 });
    await expect(failure).rejects.toThrow(NotFiniteError);
    await expect(failure).rejects.toThrow(/step 7: the loss is NaN at a learning rate of 0\.0499/);
  });

  test('a gradient that is not finite stops the run although the loss is', async () => {
    const loss: ToyOptions['loss'] = (value, variables) =>
      tf.add<tf.Scalar>(value, tf.sum(tf.sqrt(tf.mul(variables[0]!.variable, 0))));
    await expect(run({ hidden: 4, loss })).rejects.toThrow(/step 1: the norm of the gradients is/);
  });

  test('weights that overflow at the last step are not kept', async () => {
    const settings = { learningRate: 3e38, maxSteps: 1, warmupSteps: 0, weightDecay: 10 };
    const validation = (): Validation => ({ loss: 1, auroc: 0.5 });
    await expect(run({ hidden: 4, validation }, settings)).rejects.toThrow(
      /step 1: the weight "fc1\.weight" is/,
    );
  });

  test('a validation loss that is not finite stops the run', async () => {
    const validation = (): Validation => ({ loss: Infinity, auroc: 0.5 });
    await expect(run({ validation })).rejects.toThrow(/step 15: the validation loss is Infinity/);
  });

  test('a lost device is reported before anything read from it is used', async () => {
    let alive = true;
    const assertAlive = (): void => {
      if (!alive) throw new DeviceLostError('gone');
    };
    const validation = (): Validation => {
      alive = false;
      return { loss: NaN, auroc: 1 };
    };
    await expect(run({ validation }, {}, { assertAlive })).rejects.toThrow(DeviceLostError);
  });

  test('weights that all became 0 are a lost device, unless they began so', async () => {
    const validation = (_look: number, task: ToyTask): Validation => {
      const zeros = task.variables.map(
        ({ name, variable }) => [name, new Float32Array(variable.size)] as const,
      );
      writeWeights(task.variables, Object.fromEntries(zeros));
      return { loss: 0, auroc: undefined };
    };
    await expect(run({ hidden: 4, validation })).rejects.toThrow(
      /After step 15 every weight reads back as 0/,
    );
    const { weights } = await run({ validation }, { validateEverySteps: 40 });
    expect([...weights['head.weight']!]).toEqual([0, 0, 0]);
  });

  test('no tensor is left behind, run to the end, closed early, or failed', async () => {
    await run({ hidden: 4 });
    const before = tf.memory().numTensors;
    await run({ hidden: 4 }, { patience: 1 }, { checkpointEverySteps: 10 });
    expect(tf.memory().numTensors).toBe(before);

    const task = makeToyTask(data, { hidden: 4 });
    const own = tf.memory().numTensors;
    const events = train(task, shortRun, new Random(7));
    await events.next();
    await events.return();
    expect(tf.memory().numTensors).toBe(own);
    task.dispose();
    expect(tf.memory().numTensors).toBe(before);

    const failing = makeToyTask(data, { validation: () => Promise.reject(new Error('no')) });
    await expect(collect(train(failing, shortRun, new Random(7)))).rejects.toThrow('no');
    failing.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('tensors do not pile up from step to step', async () => {
    const counts: number[] = [];
    const validation = (): Validation => {
      counts.push(tf.memory().numTensors);
      return { loss: 1, auroc: 0.5 };
    };
    await run({ hidden: 4, validation }, { validateEverySteps: 5 });
    expect(counts).toHaveLength(8);
    expect(new Set(counts.slice(1)).size).toBeLessThanOrEqual(2); // a group of losses is still being read at every second validation
  });

  test('the device is read once in ten steps', async () => {
    const task = makeToyTask(data, { hidden: 4, validation: () => ({ loss: 1, auroc: 0.5 }) });
    const read =
      backend === 'cpu' ? vi.spyOn(tf.backend(), 'read') : vi.spyOn(GPUBuffer.prototype, 'mapAsync');
    await collect(train(task, { ...shortRun, maxSteps: 100, validateEverySteps: 100 }, new Random(1)));
    const reads = read.mock.calls.length;
    read.mockRestore();
    task.dispose();
    // Groups, and four weights at the only validation; those of the start are still on the host, where only cpu counts them as read.
    expect(reads).toBe(10 + 4 + (backend === 'cpu' ? 4 : 0));
  });

  test('replayed steps end with the weights and history of eager ones, bit for bit', async () => {
    const eager = await run({ hidden: 4, runningMean: true }, {}, { eager: true });
    const replayed = await run({ hidden: 4, runningMean: true });
    expect(replayed.weights).toEqual(eager.weights);
    expect(endOf(replayed.events)).toEqual(endOf(eager.events));
  });

  // Nothing is planned on cpu.
  test.skipIf(backend === 'cpu')(
    'a batch that does not fit the memory goes through in parts, to the same end',
    async () => {
      const whole = await run({ hidden: 64 });
      const parted = await run({ hidden: 64 }, {}, { memoryBudget: 6000 });
      for (const [name, values] of Object.entries(whole.weights)) {
        values.forEach((value, i) =>
          expect(Math.abs(parted.weights[name]![i]! - value), name).toBeLessThan(1e-4),
        );
      }
      expect(parted.weights).not.toEqual(whole.weights); // another order of additions
      await expect(run({ hidden: 64 }, {}, { memoryBudget: 100 })).rejects.toThrow('A step needs 0.00 GiB');
      const odd = makeToyTask(data, { hidden: 64 });
      const load = odd.load.bind(odd);
      const weight = { shape: [1], dtype: 'float32' as const, values: Float32Array.of(1) };
      const withWeight = {
        ...odd,
        load: async (...args: Parameters<typeof load>) => ({ ...(await load(...args)), weight }),
      };
      const inParts = (task: ToyTask): Promise<TrainingEvent[]> =>
        collect(train(task, shortRun, new Random(7), { memoryBudget: 6000 }));
      await expect(inParts(withWeight)).rejects.toThrow('input "weight" has 1 rows');
      expect(endOf(await inParts({ ...withWeight, sharedInputs: ['weight'] })).steps).toBe(shortRun.maxSteps);
      odd.dispose();
    },
  );

  test('what does not fit is refused', async () => {
    await expect(run({}, { maxSteps: 0 })).rejects.toThrow('maxSteps must be a whole number ≥ 1');
    await expect(run({}, { learningRate: 0 })).rejects.toThrow(RangeError);
    const { events } = await run({ hidden: 4 }, {}, { checkpointEverySteps: 10 });
    const [checkpoint] = checkpointsOf(events);
    await expect(run({ hidden: 5 }, {}, { resumeFrom: checkpoint! })).rejects.toThrow(
      'weight "fc1.weight" must have 15 values, got 12',
    );
    const before = tf.memory().numTensors;
    await expect(run({ hidden: 0 }, {}, { resumeFrom: checkpoint! })).rejects.toThrow(RangeError);
    expect(tf.memory().numTensors - before).toBe(2); // the task's own variables
  });
});
