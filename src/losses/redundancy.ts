/**
 * Losses that keep two views alike without negatives, by what the dimensions of a batch of embeddings have in common: VICReg and Barlow
 * Twins. Every film of the batch enters the statistics, so that the batch cannot be cut in parts.
 */
import * as tf from '@tensorflow/tfjs-core';
import { standardisedColumns } from '../kernels/normalisation/standardised-columns.ts';

/** Weights and thresholds of VICReg. */
export interface VicregSettings {
  /**
   * 'paper': invariance is the mean squared distance of a film's views, the variance terms of both views are added;
   * 'officialCode': the authors' code, in which invariance is also a mean over dimensions and the variance terms are averaged.
   */
  readonly variant: 'paper' | 'officialCode';
  /** λ, weight of the invariance; 25 in the paper. */
  readonly invariance: number;
  /** μ, weight of the variance; 25 in the paper. */
  readonly variance: number;
  /** ν, weight of the covariance; 1 in the paper. */
  readonly covariance: number;
  /** γ, the standard deviation that each dimension should reach; 1 in the paper. */
  readonly target: number;
  /** Added to variances before the root; 1e-4 in the paper. */
  readonly epsilon: number;
}

/**
 * VICReg: λ·s(z, z′) + μ·[v(z) + v(z′)] + ν·[c(z) + c(z′)], with v = meanⱼ relu(γ − √(Var zⱼ + ε)) and c = Σ_{i≠j} Cov(z)²ᵢⱼ / dimensions;
 * variances and covariances with divisor films − 1.
 *
 * A. Bardes, J. Ponce, Y. LeCun, "VICReg: variance-invariance-covariance regularization for self-supervised learning", ICLR 2022,
 * https://arxiv.org/abs/2105.04906, equations 1 to 6.
 * @param first [films, dimensions] @param second [films, dimensions], other views of the same films; at least 2 films
 * @returns a scalar
 */
export function vicreg(first: tf.Tensor2D, second: tf.Tensor2D, settings: VicregSettings): tf.Scalar {
  assertViews('vicreg', first, second);
  return tf.tidy(() => {
    const [films, dimensions] = first.shape;
    const { variant, invariance, variance, covariance } = settings;
    const distance = tf.sum(tf.square(tf.sub(first, second)));
    const scaled = variant === 'paper' ? films : films * dimensions;
    const [a, b] = [spread(first, settings), spread(second, settings)];
    const variances = tf.mul(tf.add(a.variance, b.variance), variant === 'paper' ? variance : variance / 2);
    const covariances = tf.mul(tf.add(a.covariance, b.covariance), covariance);
    return tf.add<tf.Scalar>(tf.add(tf.mul(distance, invariance / scaled), variances), covariances);
  });
}

/** The variance and the covariance term of one view. */
function spread(
  z: tf.Tensor2D,
  { target, epsilon }: VicregSettings,
): { readonly variance: tf.Scalar; readonly covariance: tf.Scalar } {
  const [films, dimensions] = z.shape;
  const centred = tf.sub<tf.Tensor2D>(z, tf.mean(z, 0));
  const covariances = tf.mul(tf.matMul(centred, centred, true), 1 / (films - 1)); // [dimensions, dimensions]
  const squares = tf.square(covariances);
  const variances = tf.mul(tf.sum(tf.square(centred), 0), 1 / (films - 1)); // [dimensions]
  const lacking = tf.relu(tf.sub(target, tf.sqrt(tf.add(variances, epsilon))));
  const offDiagonal = tf.sub(tf.sum(squares), tf.sum(tf.square(variances)));
  return { variance: tf.mean(lacking), covariance: tf.mul<tf.Scalar>(offDiagonal, 1 / dimensions) };
}

/**
 * Barlow Twins: Σᵢ (1 − Cᵢᵢ)² + λ · Σ_{i≠j} Cᵢⱼ², C the cross-correlation of the views' dimensions over the batch (biased variance).
 * Gradients flow through the batch's mean and variance.
 *
 * J. Zbontar, L. Jing, I. Misra, Y. LeCun, S. Deny, "Barlow Twins: self-supervised learning via redundancy reduction", ICML 2021,
 * https://arxiv.org/abs/2103.03230, equations 1 and 2.
 * @param first [films, dimensions] @param second [films, dimensions], other views of the same films
 * @param lambda ≥ 0, the weight of redundancy; 0.005 in the paper
 * @param epsilon added to variances; 1e-5 in the authors' code
 * @returns a scalar
 */
export function barlowTwins(
  first: tf.Tensor2D,
  second: tf.Tensor2D,
  lambda: number,
  epsilon = 1e-5,
): tf.Scalar {
  assertViews('barlowTwins', first, second);
  return tf.tidy(() => {
    const [films, dimensions] = first.shape;
    const [a, b] = [standardisedColumns(first, epsilon), standardisedColumns(second, epsilon)];
    const correlation = tf.mul(tf.matMul(a, b, true), 1 / films); // [dimensions, dimensions]
    const diagonal = tf.mul(tf.sum(tf.mul(a, b), 0), 1 / films); // [dimensions]
    const redundancy = tf.sub(tf.sum(tf.square(correlation)), tf.sum(tf.square(diagonal)));
    // Σ(1 − d)² without the cancellation that comes of taking it from the whole.
    const invariance = tf.sum(tf.square(tf.sub(tf.ones([dimensions]), diagonal)));
    return tf.add<tf.Scalar>(invariance, tf.mul(redundancy, lambda));
  });
}

function assertViews(name: string, first: tf.Tensor2D, second: tf.Tensor2D): void {
  if (!tf.util.arraysEqual(first.shape, second.shape) || first.shape[0] < 2) {
    throw new RangeError(
      `${name}: expected two views of at least 2 films, got [${first.shape.join()}] and [${second.shape.join()}]`,
    );
  }
}
