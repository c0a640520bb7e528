/**
 * Columns standardised over the rows of a batch, composed of TensorFlow.js's operations: its sums are our reductions already.
 */
import * as tf from '@tensorflow/tfjs-core';

/**
 * Each column with its mean taken off and divided by its standard deviation, (x − mean) / √(variance + ε), the variance with divisor rows;
 * gradients flow through both.
 * @param x [rows, columns]
 */
export function standardisedColumns(x: tf.Tensor2D, epsilon: number): tf.Tensor2D {
  return tf.tidy(() => {
    const centred = tf.sub<tf.Tensor2D>(x, tf.mean(x, 0));
    return tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), 0), epsilon)));
  });
}
