/**
 * Batch normalisation, for weights that were trained with it. Training uses the batch's statistics and moves the running ones; use
 * takes the running ones. Ioffe and Szegedy, Batch Normalization, 2015, https://arxiv.org/abs/1502.03167.
 */
import * as tf from '@tensorflow/tfjs-core';
import { assignInPlace } from '../../kernels/assign.ts';
import type { ParameterScope } from '../parameter-scope.ts';
import { constant } from './initializers.ts';

const epsilon = 1e-5;
const momentum = 0.1;

/**
 * Builds "weight" and "bias" [channels] and the buffers "running_mean" and "running_var".
 * @returns the map over [batch, height, width, channels]; in training running ← 0.9 · running + 0.1 · (mean, unbiased variance)
 */
export function buildBatchNorm(
  scope: ParameterScope,
  channels: number,
): (x: tf.Tensor4D, training: boolean) => tf.Tensor4D {
  const weight = scope.weight('weight', [channels], constant(1));
  const bias = scope.weight('bias', [channels], constant(0));
  const runningMean = scope.buffer('running_mean', [channels], constant(0));
  const runningVariance = scope.buffer('running_var', [channels], constant(1));

  const normalise = (x: tf.Tensor4D, mean: tf.Tensor, variance: tf.Tensor): tf.Tensor4D => {
    const scale = tf.mul(tf.rsqrt(tf.add(variance, epsilon)), weight); // [channels]
    return tf.add(tf.mul(tf.sub(x, mean), scale), bias);
  };

  return (x, training) => {
    if (!training) return normalise(x, runningMean, runningVariance);
    const mean = tf.mean(x, [0, 1, 2]);
    const variance = tf.mean(tf.square(tf.sub(x, mean)), [0, 1, 2]);
    tf.tidy(() => {
      const count = x.size / channels;
      moveTowards(runningMean, mean);
      moveTowards(runningVariance, tf.mul(variance, count / Math.max(count - 1, 1)));
    });
    return normalise(x, mean, variance);
  };
}

function moveTowards(running: tf.Variable, now: tf.Tensor): void {
  assignInPlace(running, tf.add(tf.mul(running, 1 - momentum), tf.mul(now, momentum)));
}
