/**
 * Loss and gradient norm of each step: kept on the device, read back in groups while the device works on.
 */
import * as tf from '@tensorflow/tfjs-core';
import { NotFiniteError } from '../errors.ts';
import type { TrainingPoint } from './task.ts';

interface LoggedStep {
  readonly step: number;
  readonly learningRate: number;
  readonly loss: tf.Scalar;
  readonly gradientNorm: tf.Scalar;
}

/** Collects steps into points of the curve. */
export class StepLog {
  #steps: LoggedStep[] = [];
  #reading: Promise<TrainingPoint> | undefined;

  /** Takes over two scalars of a step; they are not read yet. */
  record(step: number, learningRate: number, loss: tf.Scalar, gradientNorm: tf.Scalar): void {
    this.#steps.push({ step, learningRate, loss, gradientNorm });
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

  /** Frees what was not read. */
  async dispose(): Promise<void> {
    for (const { loss, gradientNorm } of this.#steps) tf.dispose([loss, gradientNorm]);
    this.#steps = [];
    await this.#reading?.catch(() => undefined);
    this.#reading = undefined;
  }
}

async function readGroup(steps: readonly LoggedStep[]): Promise<TrainingPoint> {
  const stacked = tf.tidy(() => tf.stack(steps.flatMap(({ loss, gradientNorm }) => [loss, gradientNorm])));
  for (const { loss, gradientNorm } of steps) tf.dispose([loss, gradientNorm]);
  try {
    return pointOf(steps, await stacked.data<'float32'>());
  } finally {
    stacked.dispose();
  }
}

/** @param values loss and gradient norm of each step, by turns. */
function pointOf(steps: readonly LoggedStep[], values: Float32Array): TrainingPoint {
  let [lossSum, normSum] = [0, 0];
  steps.forEach(({ step, learningRate }, i) => {
    const [loss, norm] = [values[2 * i]!, values[2 * i + 1]!];
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
