/**
 * Contrastive losses on embeddings of two views: each row must find its partner among all rows of the other view.
 *
 * The matrix of similarities is in memory: 4 MiB for 1,024 rows, and a captured step holds several such matrices. Products and softmax of
 * its rows are one dispatch each.
 */
import * as tf from '@tensorflow/tfjs-core';
import { softmaxCrossEntropy } from './softmax-cross-entropy.ts';

/** Stands for a similarity that does not take part: its exponential is 0 in float32, and finite so that its gradient is 0 too. */
const notCompared = -1e30;

/**
 * The symmetric InfoNCE loss of CLIP: (CE(rows) + CE(columns)) / 2 of exp(logScale) · u·vᵀ, u and v L2-normalised, in nats.
 *
 * A. van den Oord, Y. Li, O. Vinyals, "Representation learning with contrastive predictive coding", 2018,
 * https://arxiv.org/abs/1807.03748, equation 4; A. Radford et al., "Learning transferable visual models from natural language
 * supervision", 2021, https://arxiv.org/abs/2103.00020, figure 3.
 * @param image [pairs, dimensions] @param text [pairs, dimensions], the partner of each image in the same row
 * @param logScale scalar, the logarithm of 1 / temperature; learnable
 * @param groups [pairs] int32: pairs of one group (one patient, one wording) are not each other's negatives; null when all are
 * @returns a scalar
 */
export function infoNce(
  image: tf.Tensor2D,
  text: tf.Tensor2D,
  logScale: tf.Scalar,
  groups: tf.Tensor1D | null = null,
): tf.Scalar {
  assertPaired('infoNce', image, text);
  return tf.tidy(() => {
    const [u, v] = [tf.mul<tf.Tensor2D>(l2Normalised(image), tf.exp(logScale)), l2Normalised(text)];
    const labels = tf.range(0, image.shape[0], 1, 'int32');
    const excluded = groups && sameGroup(groups, labels);
    const loss = (a: tf.Tensor2D, b: tf.Tensor2D): tf.Scalar =>
      softmaxCrossEntropy(without(tf.matMul(a, b, false, true), excluded), labels);
    return tf.div<tf.Scalar>(tf.add(loss(u, v), loss(v, u)), 2);
  });
}

/**
 * The NT-Xent loss of SimCLR: each of the 2N views must find the other view of its film among the 2N − 1 others, in nats.
 *
 * T. Chen, S. Kornblith, M. Norouzi, G. Hinton, "A simple framework for contrastive learning of visual representations", ICML 2020,
 * https://arxiv.org/abs/2002.05709, equation 1 and algorithm 1.
 * @param first [films, dimensions] @param second [films, dimensions], other views of the same films
 * @param temperature > 0
 * @param groups [films] int32: films of one group (one patient) are not each other's negatives; null when all are
 * @returns a scalar
 * @throws RangeError unless temperature > 0, and when shapes do not fit
 */
export function ntXent(
  first: tf.Tensor2D,
  second: tf.Tensor2D,
  temperature: number,
  groups: tf.Tensor1D | null = null,
): tf.Scalar {
  assertPaired('ntXent', first, second);
  if (!(temperature > 0)) throw new RangeError(`ntXent: temperature must be > 0, got ${temperature}`);
  return tf.tidy(() => {
    const films = first.shape[0];
    const z = l2Normalised(tf.concat2d([first, second], 0));
    const similarities = tf.matMul<tf.Tensor2D>(tf.mul<tf.Tensor2D>(z, 1 / temperature), z, false, true);
    const places = tf.range(0, 2 * films, 1, 'int32');
    const labels = tf.concat1d([tf.range(films, 2 * films, 1, 'int32'), tf.range(0, films, 1, 'int32')]);
    const self = equalPairs(places, places);
    const same = groups && sameGroup(tf.concat1d([groups, groups]), labels);
    const excluded = same ? tf.logicalOr(self, same) : self;
    return softmaxCrossEntropy(without(similarities, excluded), labels);
  });
}

/** Rows of length 1. @param x [rows, dimensions], no row all 0 */
export function l2Normalised(x: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.mul<tf.Tensor2D>(x, tf.rsqrt(tf.sum(tf.square(x), 1, true))));
}

/** Whether two rows are of one group and not partners. @param partner of each row, [rows] int32. @returns [rows, rows] */
function sameGroup(groups: tf.Tensor1D, partner: tf.Tensor1D): tf.Tensor {
  const places = tf.range(0, groups.shape[0], 1, 'int32');
  return tf.logicalAnd(equalPairs(groups, groups), tf.logicalNot(equalPairs(partner, places)));
}

/** Whether aᵢ = bⱼ, [a, b]. */
function equalPairs(a: tf.Tensor1D, b: tf.Tensor1D): tf.Tensor {
  return tf.equal(tf.expandDims(a, 1), tf.expandDims(b, 0));
}

function without(similarities: tf.Tensor2D, excluded: tf.Tensor | null): tf.Tensor2D {
  return excluded ? tf.where(excluded, tf.fill(similarities.shape, notCompared), similarities) : similarities;
}

function assertPaired(name: string, a: tf.Tensor2D, b: tf.Tensor2D): void {
  if (!tf.util.arraysEqual(a.shape, b.shape)) {
    throw new RangeError(
      `${name}: expected embeddings in pairs, got [${a.shape.join()}] and [${b.shape.join()}]`,
    );
  }
}
