/**
 * Speed of the input pipeline, alone and while the device trains, and of whole runs of a study.
 */
import type { StoredImages } from '../transforms/prepare.ts';
import { Random } from '../random/random.ts';
import { compileProgram } from '../tensors/program.ts';
import { insides } from '../tensors/webgpu-insides.ts';
import type { FineTuningData } from '../training/data.ts';
import { fineTune } from '../training/fine-tune.ts';
import { FineTuningTask } from '../training/fine-tuning-task.ts';
import type { FineTuning } from '../training/fine-tuning.ts';
import { AdamW } from '../training/optimizers/adamw.ts';
import { Prefetch } from '../training/prefetch.ts';
import { TrainingStep } from '../training/training-step.ts';
import { squareInput, prepareInput } from '../transforms/prepare.ts';
import type * as tf from '@tensorflow/tfjs-core';
import { separableData, shortProbe } from './separable-data.ts';
import type { RateRow } from './bench-file.ts';
import { withOurKernels } from './ours.ts';
import { median, pairedRatio } from './statistics.ts';

const [side, batch] = [64, 16];

/** A small convolutional network on augmented films. */
const fullTuning: FineTuning = {
  ...{ ...shortProbe, tuning: 'full', imageSide: side },
  imageEncoder: { name: 'resnet', settings: { width: 16, blocks: 1 } },
  augmentation: { minCropArea: 0.6, rotationDegrees: 10, intensityJitter: 0.2, flipProbability: 0 },
  training: { ...shortProbe.training, batchSize: batch, maxSteps: 20, validateEverySteps: 20 },
};

/** Data with films that are drawn once: grey noise, brighter where the label is present. */
function filmData(): FineTuningData {
  const data = separableData({ trainingRows: 64, otherRows: 32, dimensions: 512 });
  const random = new Random('films');
  const store = Array.from(data.labels, ([, label]) =>
    Uint8Array.from({ length: side ** 2 }, () => random.integer(200) + 40 * label),
  );
  const read = (rows: readonly number[]): Promise<Uint8Array> => {
    const bytes = new Uint8Array(rows.length * side ** 2);
    rows.forEach((row, i) => bytes.set(store[row]!, i * side ** 2));
    return Promise.resolve(bytes);
  };
  return { ...data, films: { side, statistics: { mean: 0.5, standardDeviation: 0.2 }, read } };
}

/** The input pipeline alone, with training, and the throughput of runs. */
export function measureInput(quick: boolean): Promise<RateRow[]> {
  return withOurKernels(async () => [
    ...(await pipelineAlone()),
    ...(await pipelineWithTraining(quick ? 3 : 9)),
    ...(await studyRuns()),
  ]);
}

const perSecond = (count: number, ms: number): number => (1000 * count) / ms;

async function pipelineAlone(): Promise<RateRow[]> {
  const data = filmData();
  const task = await FineTuningTask.build(fullTuning, data);
  const rows = data.trainingRows.slice(0, batch);
  const random = new Random('load');
  const hostMs: number[] = [];
  for (let i = 0; i < 60; i++) {
    const begin = performance.now();
    await task.load(rows, random.fork(i));
    hostMs.push(performance.now() - begin);
  }
  const { labels: _, ...inputs } = await task.load(rows, random);
  task.dispose();
  const source: StoredImages = data.films;
  const program = await compileProgram({
    inputs,
    state: [],
    compute: ({ films, augmentation }) => ({
      prepared: prepareInput(films as tf.Tensor2D, source, squareInput(side), augmentation as tf.Tensor2D),
    }),
  });
  const deviceMs: number[] = [];
  for (let i = 0; i < 8; i++) {
    const begin = performance.now();
    for (let j = 0; j < 10; j++) program.run(inputs);
    await insides().queue.onSubmittedWorkDone();
    deviceMs.push((performance.now() - begin) / 10);
  }
  program.dispose();
  const note = `${side} px, augmented, batches of ${batch}`;
  return [
    {
      what: 'films read, packed, augmentation drawn',
      value: perSecond(batch, median(hostMs)),
      unit: 'films/s',
      note: `host; ${note}`,
    },
    {
      what: 'films uploaded, unpacked, augmented, scaled',
      value: perSecond(batch, median(deviceMs.slice(1))),
      unit: 'films/s',
      note: `device; ${note}`,
    },
  ];
}

/** Compares steps on a prepared batch with steps whose batches are loaded meanwhile, in alternating turns. */
async function pipelineWithTraining(turns: number): Promise<RateRow[]> {
  const data = filmData();
  const task = await FineTuningTask.build(fullTuning, data);
  const optimizer = new AdamW(task.variables, {});
  const step = new TrainingStep(task, optimizer, { batchSize: batch, clipNorm: 1, eager: false });
  const rows = data.trainingRows.slice(0, batch);
  const random = new Random('load');
  const ready = await task.load(rows, random);
  const steps = 4;
  let taken = 0;
  const turn = async (inputOf: (i: number) => Promise<typeof ready>): Promise<number> => {
    const begin = performance.now();
    for (let i = 1; i <= steps; i++) await step.run(++taken, 1e-3, await inputOf(i));
    await insides().queue.onSubmittedWorkDone();
    return (performance.now() - begin) / steps;
  };
  const [still, fed]: number[][] = [[], []];
  try {
    await turn(() => Promise.resolve(ready));
    for (let i = 0; i < turns; i++) {
      still!.push(await turn(() => Promise.resolve(ready)));
      const prefetch = new Prefetch((at) => task.load(rows, random.fork(at)), 1, steps);
      fed!.push(await turn((at) => prefetch.ofStep(at)));
    }
  } finally {
    step.dispose();
    optimizer.dispose();
    task.dispose();
  }
  const { median: ratio, low, high } = pairedRatio(fed!, still!);
  const note = 'ResNet w16, one block a stage, films augmented';
  return [
    { what: 'training step with its input pipeline', value: median(fed!), unit: 'ms', note },
    { what: 'the same on a batch that lies ready', value: median(still!), unit: 'ms', note },
    {
      what: 'pipeline ÷ ready',
      value: ratio,
      unit: '×',
      note: `1 = hidden; ${low.toFixed(2)} to ${high.toFixed(2)}`,
    },
  ];
}

/** Whole runs: building, compiling, training, choosing the best weights, predicting every row. */
async function studyRuns(): Promise<RateRow[]> {
  const data = filmData();
  const probe: FineTuning = {
    ...shortProbe,
    training: { ...shortProbe.training, maxSteps: 100, validateEverySteps: 50 },
  };
  const rows: RateRow[] = [];
  for (const [what, spec, count] of [
    ['linear probe runs, 100 steps', probe, 3],
    ['full fine-tuning runs, 20 steps', fullTuning, 1],
  ] as const) {
    const times: number[] = [];
    for (let i = 0; i < count; i++) {
      const begin = performance.now();
      const run = fineTune({ ...spec, seed: i }, data, { assertAlive: () => undefined });
      while (!(await run.next()).done);
      times.push(performance.now() - begin);
    }
    rows.push({
      what,
      value: 60_000 / median(times),
      unit: 'runs/min',
      note: '64 training, 32 validation, 32 test films',
    });
  }
  return rows;
}
