/**
 * Clipping of gradients by their global norm, wholly on the device.
 */
import * as tf from '@tensorflow/tfjs-core';

/** A bound on the global norm of the gradients. */
export interface Clipping {
  /** The norm of this step's gradients, a scalar on the device. */
  readonly norm: tf.Scalar;
  /** The largest norm that is let through, > 0. */
  readonly maxNorm: number;
}

/**
 * The factor that brings the global norm down to a bound: min(1, maxNorm / (norm + 1e-6)).
 *
 * Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks", 2013, https://arxiv.org/abs/1211.5063,
 * algorithm 1; the small number is PyTorch's guard against a norm of 0.
 * @param norm scalar ≥ 0.
 * @returns a scalar in [0, 1].
 * @throws RangeError unless maxNorm > 0.
 */
export function clipFactor(norm: tf.Scalar, maxNorm: number): tf.Scalar {
  if (!(maxNorm > 0)) throw new RangeError(`clipFactor: maxNorm must be > 0, got ${maxNorm}`);
  return tf.tidy(() => tf.minimum<tf.Scalar>(tf.div(maxNorm, tf.add(norm, 1e-6)), 1));
}
