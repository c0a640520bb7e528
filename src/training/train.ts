/**
 * The one training loop. It knows tasks and not methods, yields events and never calls the page, and rarely reads from the device.
 */
import { DeviceLostError } from '../errors.ts';
import type { NamedVariable } from '../models/parameters.ts';
import type { Random } from '../random/random.ts';
import type { HostTensors } from '../tensors/host-tensor.ts';
import { Batches } from './batches.ts';
import { judge, last, nothingYet, type BestSoFar } from './early-stopping.ts';
import { AdamW } from './optimizers/adamw.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { learningRateOfStep } from './optimizers/schedule.ts';
import { Prefetch } from './prefetch.ts';
import { assertFinite, StepLog } from './step-log.ts';
import type { Checkpoint, Task, TrainingEvent, TrainingPoint, TrainingSettings, Validation } from './task.ts';
import { TrainingStep } from './training-step.ts';
import { areAllZero, firstNotFinite, readWeights, writeWeights, type Weights } from './weights.ts';

/** Options of a run beside its settings; none of them changes the resulting weights. */
export interface TrainOptions {
  /** Where an interrupted run of the same task, settings and seed goes on. */
  readonly resumeFrom?: Checkpoint;
  /** Checkpoints are at least so many steps apart; they fall on steps at which the loop reads the device anyway. Never when left out. */
  readonly checkpointEverySteps?: number;
  /** Checkpoints are also taken when so much time has passed since the last one. Never when left out. */
  readonly checkpointEveryMs?: number;
  /** Throws when the device is gone; called before anything that was read from it is used. */
  readonly assertAlive?: () => void;
  /** True runs every step through TensorFlow.js instead of replaying the first; the same numbers, slower. */
  readonly eager?: boolean;
  /** Device memory that a step may take, in bytes: a batch that needs more goes through in parts. 4 GiB when left out. */
  readonly memoryBudget?: number;
  /** Milliseconds from any fixed moment; `performance.now` when left out. */
  readonly now?: () => number;
}

/** Steps whose losses are read back together and make one point of the curve. */
export const stepsPerPoint = 10;

/**
 * Trains a task's variables with AdamW and leaves in them the weights that were best on the validation patients, or the last ones where
 * the task keeps those.
 *
 * Batches, order and learning rate depend on the settings, the seed and the step only; a run that goes on from a checkpoint ends with
 * the same weights and history, bit for bit, as one that was never interrupted (on the same device). The loop pauses while `next` is
 * not called. `return` ends it early; it then frees all that it made, and the variables hold the weights of the last step taken.
 * @returns events: points in the order of their steps, checkpoints, and one 'end' at the end.
 * @throws RangeError when settings, rows or the checkpoint do not fit; NotFiniteError naming the first step whose loss, gradient or
 *   weights are not finite; DeviceLostError when all weights read back as zero; what the task and `assertAlive` throw.
 */
export async function* train(
  task: Task,
  settings: TrainingSettings,
  random: Random,
  options: TrainOptions = {},
): AsyncGenerator<TrainingEvent, void, void> {
  assertTrainable(task, settings);
  const { resumeFrom, assertAlive = () => undefined } = options;
  const batches = new Batches(task.rows, settings.batchSize, random.fork('batches'));
  const load = (step: number): Promise<HostTensors> =>
    task.load(batches.ofStep(step), random.fork('load').fork(step), step);
  const { maxSteps, validateEverySteps, patience } = settings;
  const isDue = checkpointClock(options);
  const optimizer = new AdamW(task.variables, { weightDecay: settings.weightDecay });
  const trainingStep = new TrainingStep(task, optimizer, {
    batchSize: batches.size,
    clipNorm: settings.clipNorm,
    eager: options.eager ?? false,
    ...(options.memoryBudget !== undefined && { memoryBudget: options.memoryBudget }),
  });
  const prefetch = new Prefetch(load, (resumeFrom?.step ?? 0) + 1, settings.maxSteps);
  const log = new StepLog();
  try {
    if (resumeFrom) restore(task, optimizer, resumeFrom);
    const readChecked = weightReader(task, assertAlive, await startsAllZero(task));
    const history: TrainingPoint[] = [...(resumeFrom?.history ?? [])];
    let best: BestSoFar = resumeFrom ? bestOf(resumeFrom) : nothingYet;
    let step = resumeFrom?.step ?? 0;
    let stopped = false;

    while (step < maxSteps && !stopped) {
      step++;
      const batch = await prefetch.ofStep(step);
      const learningRate = learningRateOfStep(step, settings);
      const program = await trainingStep.run(step, learningRate, batch);
      log.record(step, learningRate, program);

      const validates = step % validateEverySteps === 0 || step === maxSteps;
      const groupEnds = step % stepsPerPoint === 0;
      if (!validates && !groupEnds) continue;

      // A group's numbers are awaited only when the next group ends, so that the device is never idle.
      yield* takePoint(log.finishReading());
      log.startReading();
      if (validates) {
        const point = await readAlive(log.finishReading());
        const validation = await validate(step, learningRate);
        const read = (): Promise<Weights> => readChecked(step, learningRate);
        best =
          task.keeps === 'last'
            ? await last(step, validation, read)
            : await judge(best, step, validation, read);
        stopped = patience > 0 && best.validationsWithoutImprovement >= patience;
        yield keep(withValidation(point!, validation));
      }
      if (step < maxSteps && !stopped && isDue(step)) {
        yield* takePoint(log.finishReading());
        yield { kind: 'checkpoint', checkpoint: await checkpointAt(step, learningRate) };
      }
    }

    if (best.bestStep === 0)
      throw new RangeError('train: the checkpoint is at the end but holds no best weights');
    if (task.keeps !== 'last') writeWeights(stateOf(task), best.bestWeights);
    const reason = stopped ? 'earlyStopping' : 'allSteps';
    const { bestStep, bestScore } = best;
    yield { kind: 'end', reason, steps: step, bestStep, bestScore, history };

    function keep(point: TrainingPoint): TrainingEvent {
      history.push(point);
      return { kind: 'point', point };
    }

    async function readAlive<T>(reading: Promise<T>): Promise<T> {
      const result = await reading;
      assertAlive();
      return result;
    }

    async function* takePoint(reading: Promise<TrainingPoint | undefined>): AsyncGenerator<TrainingEvent> {
      const point = await readAlive(reading);
      if (point) yield keep(point);
    }

    async function validate(atStep: number, learningRate: number): Promise<Validation> {
      const validation = await readAlive(task.validate());
      assertFinite('validation loss', validation.loss, atStep, learningRate);
      return validation;
    }

    async function checkpointAt(atStep: number, learningRate: number): Promise<Checkpoint> {
      const [weights, slots] = await Promise.all([
        readChecked(atStep, learningRate),
        optimizer.exportState(),
      ]);
      assertAlive();
      const moments = { firstMoments: slots['firstMoments']!, secondMoments: slots['secondMoments']! };
      return { step: atStep, weights, ...moments, ...best, history: [...history] };
    }
  } catch (error) {
    await nextMacrotask(); // a dying device first throws, and reports its loss a task later
    assertAlive();
    throw error;
  } finally {
    await prefetch.settled();
    await log.dispose();
    trainingStep.dispose();
    optimizer.dispose();
  }
}

function nextMacrotask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function withValidation(point: TrainingPoint, { loss, auroc, signals }: Validation): TrainingPoint {
  return {
    ...point,
    validationLoss: loss,
    ...(auroc !== undefined && { validationAuroc: auroc }),
    ...(signals && { signals }),
  };
}

/** All that a checkpoint keeps of a task: what is trained, and what is not. */
function stateOf({ variables, buffers = [] }: Task): readonly NamedVariable[] {
  return [...variables, ...buffers];
}

function restore(
  task: Task,
  optimizer: Optimizer,
  { weights, firstMoments, secondMoments }: Checkpoint,
): void {
  writeWeights(stateOf(task), weights);
  optimizer.importState({ firstMoments, secondMoments });
}

function bestOf(checkpoint: Checkpoint): BestSoFar {
  const { bestStep, bestScore, bestWeights, validationsWithoutImprovement } = checkpoint;
  return { bestStep, bestScore, bestWeights, validationsWithoutImprovement };
}

/** Whether weights of 0 are legitimate: a linear probe starts with them, and keeps them when there is nothing to learn. */
async function startsAllZero(task: Task): Promise<boolean> {
  return areAllZero(await readWeights(stateOf(task)));
}

/** Reads weights and throws when they cannot be right. */
function weightReader(
  task: Task,
  assertAlive: () => void,
  mayBeAllZero: boolean,
): (step: number, learningRate: number) => Promise<Weights> {
  return async (step, learningRate) => {
    const weights = await readWeights(stateOf(task));
    assertAlive();
    const name = firstNotFinite(weights);
    if (name !== undefined) assertFinite(`weight "${name}"`, NaN, step, learningRate);
    if (!mayBeAllZero && areAllZero(weights)) {
      throw new DeviceLostError(
        `After step ${step} every weight reads back as 0, as it does when the graphics device was lost. Training goes on from the last checkpoint.`,
      );
    }
    return weights;
  };
}

/** Decides at which readings a checkpoint is due. */
function checkpointClock(options: TrainOptions): (step: number) => boolean {
  const { resumeFrom, checkpointEverySteps = Infinity, checkpointEveryMs = Infinity } = options;
  const now = options.now ?? (() => performance.now());
  let [lastStep, lastMs] = [resumeFrom?.step ?? 0, now()];
  return (step) => {
    const isDue = step - lastStep >= checkpointEverySteps || now() - lastMs >= checkpointEveryMs;
    if (isDue) [lastStep, lastMs] = [step, now()];
    return isDue;
  };
}

function assertTrainable(task: Task, settings: TrainingSettings): void {
  const names = stateOf(task).map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new RangeError(`train: two variables are called "${twice}"`);
  if (task.variables.length === 0) throw new RangeError('train: the task has no variable to train');
  assertCount('maxSteps', settings.maxSteps, 1);
  assertCount('validateEverySteps', settings.validateEverySteps, 1);
  assertCount('warmupSteps', settings.warmupSteps, 0);
  assertCount('patience', settings.patience, 0);
  const { learningRate, clipNorm } = settings;
  if (!(learningRate > 0 && learningRate < Infinity))
    throw new RangeError(`train: learningRate must be > 0, got ${learningRate}`);
  if (!(clipNorm >= 0)) throw new RangeError(`train: clipNorm must be ≥ 0, got ${clipNorm}`);
}

function assertCount(name: string, value: number, least: number): void {
  if (!(Number.isInteger(value) && value >= least))
    throw new RangeError(`train: ${name} must be a whole number ≥ ${least}, got ${value}`);
}
