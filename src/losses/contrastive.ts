/**
 * Contrastive losses on embeddings of two views: each row must find its partner among all rows of the other view.
 *
 * The matrix of similarities is in memory: 4 MiB for 1,024 rows, and a captured step holds several such matrices. Products and softmax of
 * its rows are one dispatch each.
 */
import * as tf from '@tensorflow/tfjs-core';
import { unitRows } from '../kernels/normalisation/unit-rows.ts';
import { binaryCrossEntropyWithLogits } from './binary-cross-entropy.ts';
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
 * @param groups each [pairs] int32: pairs that are of one group in any of them (one patient, one wording) are not each other's negatives
 * @returns a scalar
 */
export function infoNce(
  image: tf.Tensor2D,
  text: tf.Tensor2D,
  logScale: tf.Scalar,
  groups: readonly tf.Tensor1D[] = [],
): tf.Scalar {
  assertPaired('infoNce', image, text);
  return tf.tidy(() => {
    const scaled = tf.mul<tf.Tensor2D>(unitRows(image), tf.exp(logScale));
    const [toText, toImage] = crossEntropies(scaled, unitRows(text), groups);
    return tf.div<tf.Scalar>(tf.add(toText, toImage), 2);
  });
}

/**
 * The asymmetric InfoNCE loss of ConVIRT: λ · CE(image → text) + (1 − λ) · CE(text → image) of cosine / τ, in nats.
 *
 * Y. Zhang, H. Jiang, Y. Miura, C. Manning, C. Langlotz, "Contrastive learning of medical visual representations from paired images and
 * text", 2020, https://arxiv.org/abs/2010.00747, equations 2 to 4.
 * @param image [pairs, dimensions] @param text [pairs, dimensions], the partner of each image in the same row
 * @param temperature τ > 0; 0.1 in the paper
 * @param lambda in [0, 1], the weight of finding the text of an image; 0.75 in the paper
 * @param groups as for `infoNce`
 * @returns a scalar
 * @throws RangeError when a setting is out of its range, and when shapes do not fit
 */
export function convirt(
  image: tf.Tensor2D,
  text: tf.Tensor2D,
  temperature: number,
  lambda: number,
  groups: readonly tf.Tensor1D[] = [],
): tf.Scalar {
  assertPaired('convirt', image, text);
  if (!(temperature > 0)) throw new RangeError(`convirt: temperature must be > 0, got ${temperature}`);
  if (!(lambda >= 0 && lambda <= 1)) throw new RangeError(`convirt: lambda must be in [0, 1], got ${lambda}`);
  return tf.tidy(() => {
    const scaled = tf.mul<tf.Tensor2D>(unitRows(image), 1 / temperature);
    const [toText, toImage] = crossEntropies(scaled, unitRows(text), groups);
    return tf.add<tf.Scalar>(tf.mul(toText, lambda), tf.mul(toImage, 1 - lambda));
  });
}

/**
 * The pairwise sigmoid loss of SigLIP: −Σᵢⱼ log σ(±(exp(logScale) · uᵢ·vⱼ + bias)) / pairs, + where i = j, in nats. Every pair is judged by
 * itself, so that no batch is needed to have negatives by the hundred.
 *
 * X. Zhai, B. Mustafa, A. Kolesnikov, L. Beyer, "Sigmoid loss for language image pre-training", 2023, https://arxiv.org/abs/2303.15343,
 * section 3.2 and algorithm 1.
 * @param image [pairs, dimensions] @param text [pairs, dimensions], the partner of each image in the same row
 * @param logScale scalar, learnable; the paper begins at ln 10 @param bias scalar, learnable; the paper begins at −10
 * @param groups as for `infoNce`
 * @returns a scalar
 */
export function sigLip(
  image: tf.Tensor2D,
  text: tf.Tensor2D,
  logScale: tf.Scalar,
  bias: tf.Scalar,
  groups: readonly tf.Tensor1D[] = [],
): tf.Scalar {
  assertPaired('sigLip', image, text);
  return tf.tidy(() => {
    const pairs = image.shape[0];
    const scaled = tf.mul<tf.Tensor2D>(unitRows(image), tf.exp(logScale));
    const logits = tf.add<tf.Tensor2D>(tf.matMul(scaled, unitRows(text), false, true), bias);
    const places = tf.range(0, pairs, 1, 'int32');
    const partners = indicator(equalPairs(places, places));
    const excluded = sameGroup(groups, places);
    if (!excluded) return tf.mul<tf.Scalar>(binaryCrossEntropyWithLogits(logits, partners, null), pairs);
    const compared = indicator(tf.logicalNot(excluded));
    const mean = binaryCrossEntropyWithLogits(logits, partners, compared);
    return tf.mul<tf.Scalar>(mean, tf.div(tf.sum(compared), pairs));
  });
}

/** Cross-entropies, in nats, of finding each row's partner among the rows of the other view: by rows of a·bᵀ, then by its columns. */
function crossEntropies(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  groups: readonly tf.Tensor1D[],
): [ofRows: tf.Scalar, ofColumns: tf.Scalar] {
  const labels = tf.range(0, a.shape[0], 1, 'int32');
  const excluded = sameGroup(groups, labels);
  const loss = (x: tf.Tensor2D, y: tf.Tensor2D): tf.Scalar =>
    softmaxCrossEntropy(without(tf.matMul(x, y, false, true), excluded), labels);
  return [loss(a, b), loss(b, a)];
}

/**
 * The NT-Xent loss of SimCLR: each of the 2N views must find the other view of its film among the 2N − 1 others, in nats.
 *
 * T. Chen, S. Kornblith, M. Norouzi, G. Hinton, "A simple framework for contrastive learning of visual representations", ICML 2020,
 * https://arxiv.org/abs/2002.05709, equation 1 and algorithm 1.
 * @param first [films, dimensions] @param second [films, dimensions], other views of the same films
 * @param temperature > 0
 * @param groups each [films] int32: films that are of one group in any of them (one patient) are not each other's negatives
 * @returns a scalar
 * @throws RangeError unless temperature > 0, and when shapes do not fit
 */
export function ntXent(
  first: tf.Tensor2D,
  second: tf.Tensor2D,
  temperature: number,
  groups: readonly tf.Tensor1D[] = [],
): tf.Scalar {
  assertPaired('ntXent', first, second);
  if (!(temperature > 0)) throw new RangeError(`ntXent: temperature must be > 0, got ${temperature}`);
  return tf.tidy(() => {
    const films = first.shape[0];
    const z = unitRows(tf.concat2d([first, second], 0));
    const similarities = tf.matMul<tf.Tensor2D>(tf.mul<tf.Tensor2D>(z, 1 / temperature), z, false, true);
    const places = tf.range(0, 2 * films, 1, 'int32');
    const labels = tf.concat1d([tf.range(films, 2 * films, 1, 'int32'), tf.range(0, films, 1, 'int32')]);
    const self = equalPairs(places, places);
    const twice = groups.map((group) => tf.concat1d([group, group]));
    const same = sameGroup(twice, labels);
    const excluded = same ? tf.logicalOr(self, same) : self;
    return softmaxCrossEntropy(without(similarities, excluded), labels);
  });
}

/** Whether two rows share a group and are not partners; null without groups. @param partner of each row, [rows] int32. @returns [rows, rows] */
function sameGroup(groups: readonly tf.Tensor1D[], partner: tf.Tensor1D): tf.Tensor | null {
  if (groups.length === 0) return null;
  const places = tf.range(0, partner.shape[0], 1, 'int32');
  const shared = groups.map((group) => equalPairs(group, group)).reduce((a, b) => tf.logicalOr(a, b));
  return tf.logicalAnd(shared, tf.logicalNot(equalPairs(partner, places)));
}

/** Whether aᵢ = bⱼ, [a, b]. */
function equalPairs(a: tf.Tensor1D, b: tf.Tensor1D): tf.Tensor {
  return tf.equal(tf.expandDims(a, 1), tf.expandDims(b, 0));
}

/** 1 where true, else 0, as floats; a cast would leave the truth values as the integers that the device holds. */
function indicator(condition: tf.Tensor): tf.Tensor2D {
  const [rows, columns] = condition.shape as [number, number];
  return tf.where(condition, tf.ones([rows, columns]), tf.zeros([rows, columns]));
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
