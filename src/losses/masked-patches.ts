/**
 * The loss of masked autoencoders: the error on the pixels of the removed patches.
 *
 * K. He, X. Chen, S. Xie, Y. Li, P. Dollár, R. Girshick, "Masked autoencoders are scalable vision learners", CVPR 2022,
 * https://arxiv.org/abs/2111.06377, sections 3 and 4.1.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Added to variances of patches, as in the authors' code. */
const epsilon = 1e-6;

/**
 * Patches with their own mean taken off and divided by their own standard deviation (divisor pixels − 1), which brings out contrast within
 * a patch: (x − mean) / √(variance + 1e-6).
 * @param patches [films, patches, pixels], at least 2 pixels each
 */
export function normalisedPatches(patches: tf.Tensor3D): tf.Tensor3D {
  const pixels = patches.shape[2];
  return tf.tidy(() => {
    const centred = tf.sub<tf.Tensor3D>(patches, tf.mean(patches, 2, true));
    const variance = tf.mul(tf.sum(tf.square(centred), 2, true), 1 / (pixels - 1));
    return tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)));
  });
}

/**
 * Mean over the removed patches of the mean squared error of a patch.
 * @param prediction [films, patches, pixels] @param target [films, patches, pixels]
 * @param mask [films, patches], 1 for removed patches and 0 for those that were seen; at least one is removed
 * @returns a scalar; gradients flow to the prediction and the target.
 */
export function maskedPatchError(prediction: tf.Tensor3D, target: tf.Tensor3D, mask: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => {
    const errors = tf.mean(tf.squaredDifference(prediction, target), 2); // [films, patches]
    return tf.div<tf.Scalar>(tf.sum(tf.mul(errors, mask)), tf.sum(mask));
  });
}
