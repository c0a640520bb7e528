/**
 * Loss and gradient norm of each step: kept on the device, read back in groups while the device works on.
 */
import { NotFiniteError } from '../errors.ts';
import type { Program } from '../tensors/step.ts';
import type { TrainingPoint } from './task.ts';

/** The scalars of a step's program, in the order of `Step.scalars`. */
export const loggedScalars = ['loss', 'gradientNorm'] as const;

interface LoggedStep {
  readonly step: number;
  readonly learningRate: number;
  /** Keeps `loggedScalars`. */
  readonly program: Program;
}

/** Collects steps into points of the curve. */
export class StepLog {
  #steps: LoggedStep[] = [];
  #reading: Promise<TrainingPoint> | undefined;

  /** Notes a step that was run; its scalars are not read yet. */
  record(step: number, learningRate: number, program: Program): void {
    this.#steps.push({ step, learningRate, program });
  }

  /** Starts reading the steps recorded so far, as one group. Call `finishReading` before the next. */
  startReading(): void {
    if (this.#steps.length === 0) return;
    const steps = this.#steps;
    this.#steps = [];
    this.#reading = readGroup(steps);
    this.#reading.catch(() => undefined); // reported by finishReading
  }

  /**
   * The point of the group whose reading was started last: mean loss and mean norm of its steps, under its last step.
   * @returns undefined when nothing is being read.
   * @throws NotFiniteError naming the first step at which the loss or a gradient was not finite.
   */
  async finishReading(): Promise<TrainingPoint | undefined> {
    const reading = this.#reading;
    this.#reading = undefined;
    return reading;
  }

  /** Forgets what was not read, once nothing is being read any more. */
  async dispose(): Promise<void> {
    this.#steps = [];
    await this.#reading?.catch(() => undefined);
    this.#reading = undefined;
  }
}

async function readGroup(steps: readonly LoggedStep[]): Promise<TrainingPoint> {
  const programs = [...new Set(steps.map(({ program }) => program))];
  const read = programs.map(async (program) => [program, (await program.readScalars()).values()] as const);
  const unread = new Map(await Promise.all(read));
  const scalars = steps.map(({ step, program }) => {
    const row = unread.get(program)!.next();
    if (row.done) throw new TypeError(`StepLog: step ${step} left no loss`);
    return row.value;
  });
  return pointOf(steps, scalars);
}

/** @param scalars loss and gradient norm of each step. */
function pointOf(steps: readonly LoggedStep[], scalars: readonly Float32Array[]): TrainingPoint {
  let [lossSum, normSum] = [0, 0];
  steps.forEach(({ step, learningRate }, i) => {
    const [loss, norm] = [scalars[i]![0]!, scalars[i]![1]!];
    assertFinite('loss', loss, step, learningRate);
    assertFinite('norm of the gradients', norm, step, learningRate);
    lossSum += loss;
    normSum += norm;
  });
  const { step, learningRate } = steps.at(-1)!;
  return {
    step,
    learningRate,
    trainingLoss: lossSum / steps.length,
    gradientNorm: normSum / steps.length,
  };
}

/** @throws NotFiniteError naming the step, what is not finite there, and what to do. */
export function assertFinite(what: string, value: number, step: number, learningRate: number): void {
  if (Number.isFinite(value)) return;
  throw new NotFiniteError(
    `Training stopped at step ${step}: the ${what} is ${value} at a learning rate of ${learningRate}. ` +
      'Lower the learning rate or switch gradient clipping on; if it happens at step 1 already, look for films or labels that are not numbers.',
  );
}
