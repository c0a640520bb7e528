/**
 * The numbers of an Adam step as tensors on the device, so that they enter shaders as data and never as code.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Settings of Adam and AdamW; defaults are those of the paper. */
export interface AdamSettings {
  /** Decay of the first moment, in [0, 1). */
  readonly beta1: number;
  /** Decay of the second moment, in [0, 1). */
  readonly beta2: number;
  /** Added to the root of the second moment, > 0. */
  readonly epsilon: number;
  /** ≥ 0; applied to variables with `decay` only. */
  readonly weightDecay: number;
}

/** β1 = 0.9, β2 = 0.999, ε = 1e-8 (Kingma and Ba 2015, algorithm 1), no weight decay. */
export const adamDefaults: AdamSettings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };

/** What stays the same over steps, uploaded once. */
export interface AdamConstants {
  readonly beta1: tf.Scalar;
  readonly oneMinusBeta1: tf.Scalar;
  readonly beta2: tf.Scalar;
  readonly oneMinusBeta2: tf.Scalar;
}

/** What changes with the step. */
export interface AdamStep extends AdamConstants {
  /** learningRate · √(1 − β2^t) / (1 − β1^t) */
  readonly stepSize: tf.Scalar;
  /** ε · √(1 − β2^t): both forms of bias correction in one division a weight. */
  readonly epsilon: tf.Scalar;
  /** Clips gradients; null = as they are. */
  readonly gradientScale: tf.Scalar | null;
}

/** Makes the constants; the caller disposes them. @throws RangeError when a setting is out of its range. */
export function makeAdamConstants({ beta1, beta2, epsilon, weightDecay }: AdamSettings): AdamConstants {
  const refuse = (name: string, range: string, value: number): never => {
    throw new RangeError(`Adam: ${name} must be ${range}, got ${value}`);
  };
  if (!(beta1 >= 0 && beta1 < 1)) refuse('beta1', 'in [0, 1)', beta1);
  if (!(beta2 >= 0 && beta2 < 1)) refuse('beta2', 'in [0, 1)', beta2);
  if (!(epsilon > 0)) refuse('epsilon', '> 0', epsilon);
  if (!(weightDecay >= 0)) refuse('weightDecay', '≥ 0', weightDecay);
  return {
    beta1: tf.scalar(beta1),
    oneMinusBeta1: tf.scalar(1 - beta1),
    beta2: tf.scalar(beta2),
    oneMinusBeta2: tf.scalar(1 - beta2),
  };
}

/**
 * The scalars of one step; the caller disposes stepSize and epsilon.
 * @param step counted from 1.
 */
export function makeAdamStep(
  constants: AdamConstants,
  { beta1, beta2, epsilon }: AdamSettings,
  step: number,
  learningRate: number,
  gradientScale: tf.Scalar | null,
): AdamStep {
  const root = Math.sqrt(1 - beta2 ** step);
  return {
    ...constants,
    stepSize: tf.scalar((learningRate * root) / (1 - beta1 ** step)),
    epsilon: tf.scalar(epsilon * root),
    gradientScale,
  };
}
