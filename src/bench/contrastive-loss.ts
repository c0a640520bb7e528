/**
 * The symmetric contrastive loss of image–text pairs.
 * Radford et al., Learning Transferable Visual Models From Natural Language Supervision, 2021, https://arxiv.org/abs/2103.00020, figure 3.
 */
import * as tf from '@tensorflow/tfjs-core';

/** 1 / 0.07, CLIP's first scale of similarities. */
export const similarityScale = 1 / 0.07;

/**
 * Mean of the two softmax cross-entropies, film to report and report to film; row i of one belongs to row i of the other.
 * @param films, reports [batch, dimensions], not yet of unit length.
 */
export function contrastiveLoss(films: tf.Tensor2D, reports: tf.Tensor2D): tf.Scalar {
  const batch = films.shape[0];
  const logits = tf.mul(tf.matMul(unit(films), unit(reports), false, true), similarityScale);
  const diagonal = tf.eye(batch);
  const mean = (axis: number): tf.Tensor => {
    const rows = axis === 1 ? logits : tf.transpose(logits);
    return tf.mean(tf.sum(tf.mul(diagonal, tf.logSoftmax(rows)), 1));
  };
  return tf.mul<tf.Scalar>(tf.add(mean(1), mean(0)), -0.5);
}

function unit(x: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(x, tf.rsqrt(tf.add(tf.sum(tf.square(x), 1, true), 1e-12)));
}
