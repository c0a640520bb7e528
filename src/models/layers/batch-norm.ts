/**
 * Batch normalisation, for weights that were trained with it. Training uses the batch's statistics and moves the running ones; use
 * takes the running ones. Ioffe and Szegedy, Batch Normalization, 2015, https://arxiv.org/abs/1502.03167.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { batchNorm } from '../../kernels/normalisation/batch-norm.ts';
import type { ParameterScope } from '../parameter-scope.ts';
import type { Following } from './group-norm.ts';
import { constant } from './initializers.ts';

const epsilon = 1e-5;
const momentum = 0.1;

/**
 * Builds "weight" and "bias" [channels] and the buffers "running_mean" and "running_var".
 * @returns the map over [batch, height, width, channels], with what follows it; in training
 *   running ← 0.9 · running + 0.1 · (mean, unbiased variance), in place
 */
export function buildBatchNorm(
  scope: ParameterScope,
  channels: number,
): (x: tf.Tensor4D, training: boolean, following?: Following) => tf.Tensor4D {
  const weight = scope.weight('weight', [channels], constant(1)) as tf.Variable<tf.Rank.R1>;
  const bias = scope.weight('bias', [channels], constant(0)) as tf.Variable<tf.Rank.R1>;
  const mean = scope.buffer('running_mean', [channels], constant(0));
  const variance = scope.buffer('running_var', [channels], constant(1));
  const running = { mean, variance, momentum };
  return (x, training, { relu = false, residual } = {}) =>
    batchNorm(x, weight, bias, running, { training, epsilon, relu }, residual);
}
