/**
 * What a normalisation of maps is to the networks that use it.
 */
import type * as tf from '@tensorflow/tfjs-core';

/** What follows the normalisation in the same pass over the map. */
export interface AfterNormalisation {
  /** Added to the result, of its shape. */
  readonly residual?: tf.Tensor4D;
  /** Clamps the sum at 0. */
  readonly relu?: boolean;
}

/** Maps [batch, height, width, channels] to the same shape. */
export type Normalise = (x: tf.Tensor4D, training: boolean, after?: AfterNormalisation) => tf.Tensor4D;
