/**
 * The Gaussian error linear unit in its exact form. Hendrycks and Gimpel, 2016, https://arxiv.org/abs/1606.08415.
 */
import * as tf from '@tensorflow/tfjs-core';

const inverseRootTwo = Math.SQRT1_2;
const inverseRootTwoPi = 1 / Math.sqrt(2 * Math.PI);

/** x · Φ(x) with Φ the standard normal distribution function; its gradient is Φ(x) + x · φ(x). Any shape. */
export function gelu<T extends tf.Tensor>(x: T): T {
  return geluWithGradient(x) as T;
}

// One formula forward and one backward: recording each small step of the product would cost three times the passes over memory.
const geluWithGradient = tf.customGrad((...inputs) => {
  const [x, save] = inputs as unknown as [tf.Tensor, (tensors: tf.Tensor[]) => void];
  save([x]);
  return {
    value: tf.mul(x, distribution(x)),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const value = saved[0]!;
      const density = tf.mul(tf.exp(tf.mul(tf.square(value), -0.5)), inverseRootTwoPi);
      return tf.mul(dy, tf.add(distribution(value), tf.mul(value, density)));
    },
  };
});

/** Φ(x), the standard normal distribution function. */
function distribution(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.add(tf.erf(tf.mul(x, inverseRootTwo)), 1), 0.5);
}
