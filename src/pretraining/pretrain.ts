/**
 * One pre-training run from its configuration to V's weights, by the one loop.
 */
import { Random } from '../random/random.ts';
import type { BuildImageEncoder } from '../training/encoder-source.ts';
import type {
  Checkpoint,
  Task,
  TrainingEvent,
  TrainingPoint,
  TrainingSettings,
  Validation,
} from '../training/task.ts';
import { pretrainingSteps } from '../training/pre-training-steps.ts';
import { train } from '../training/train.ts';
import { readWeights, type Weights } from '../training/weights.ts';
import type { Pretraining, PretrainingData } from './data.ts';
import { PretrainingTask } from './pretraining-task.ts';
import { drawReconstructions, type FilmReconstruction } from './reconstructions.ts';
import { collapseOf, SignalProbe, type FilmNeighbours } from './signals.ts';

/** What a run leaves. */
export interface Pretrained {
  /** V's weights and buffers, by name. */
  readonly weights: Weights;
  readonly steps: number;
  readonly imagesSeen: number;
  readonly trainingRows: readonly number[];
  readonly history: readonly TrainingPoint[];
  readonly collapse: string | null;
  readonly reconstructions: readonly FilmReconstruction[];
  readonly nearestReports: readonly FilmNeighbours[];
}

/** What surrounds a run. */
export interface PretrainOptions {
  readonly resumeFrom?: Checkpoint;
  readonly checkpointEverySteps?: number;
  /** The registry's encoders when left out. */
  readonly buildImageEncoder?: BuildImageEncoder;
  /** @throws DeviceLostError; called before a number is used. */
  readonly assertAlive: () => void;
  /** In bytes; a batch that needs more goes through the encoders in parts. 4 GiB when left out. */
  readonly memoryBudget?: number;
}

/** The loop's settings for a run. @param films that are trained on. */
export function loopSettings(spec: Pick<Pretraining, 'settings'>, films: number): TrainingSettings {
  const { settings } = spec;
  const { steps, validateEverySteps } = pretrainingSteps(settings, films);
  return {
    learningRate: settings.learningRate,
    weightDecay: settings.weightDecay,
    batchSize: settings.batchSize,
    maxSteps: steps,
    warmupSteps: Math.floor(steps * settings.warmupShare),
    validateEverySteps,
    patience: 0,
    clipNorm: settings.clipNorm,
  };
}

/**
 * Runs one pre-training, yielding the loop's events; returns V's weights after the last step and not the best on validation patients,
 * because arms are compared at the same number of images seen.
 * @throws InputError when recipe, encoder and cohort do not fit; NotFiniteError naming a step; what assertAlive throws.
 */
export async function* pretrain(
  spec: Pretraining,
  data: PretrainingData,
  options: PretrainOptions,
): AsyncGenerator<TrainingEvent, Pretrained> {
  const task = await PretrainingTask.build(spec, data, options.buildImageEncoder);
  const probe = new SignalProbe(task, data);
  try {
    const settings = loopSettings(spec, task.rows.length);
    let end: Extract<TrainingEvent, { kind: 'end' }> | undefined;
    for await (const event of train(withSignals(task, probe), settings, new Random(spec.seed), options)) {
      if (event.kind === 'end') end = event;
      yield event;
    }
    const signals = end?.history.at(-1)?.signals;
    if (!end || !signals) throw new TypeError('pretrain: the loop ended without a last validation');
    const { encoder } = task;
    const weights = await readWeights([...encoder.variables, ...(encoder.buffers ?? [])]);
    const [reconstructions, nearestReports] = [
      await drawReconstructions(task, data),
      await probe.nearestReports(),
    ];
    options.assertAlive();
    return {
      weights,
      steps: end.steps,
      imagesSeen: end.steps * Math.min(settings.batchSize, task.rows.length),
      trainingRows: task.rows,
      history: end.history,
      collapse: collapseOf(signals),
      reconstructions,
      nearestReports,
    };
  } finally {
    probe.dispose();
    task.dispose();
  }
}

/** The task, whose validations measure the signals too. */
function withSignals(task: PretrainingTask, probe: SignalProbe): Task {
  return {
    variables: task.variables,
    buffers: task.buffers,
    rows: task.rows,
    sharedInputs: task.sharedInputs,
    couplesExamples: task.couplesExamples,
    keeps: task.keeps,
    load: (rows, random, step) => task.load(rows, random, step),
    loss: (inputs, parts) => task.loss(inputs, parts),
    afterUpdate: (inputs) => task.afterUpdate(inputs),
    dispose: () => task.dispose(),
    async validate(): Promise<Validation> {
      const { loss, auroc } = await task.validate();
      return { loss, auroc, signals: await probe.measure() };
    },
  };
}
