/**
 * Layer normalisation over the last axis. Ba et al., Layer Normalization, 2016, https://arxiv.org/abs/1607.06450.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { layerNorm, layerNormWithSkip } from '../../kernels/normalisation/layer-norm.ts';
import type { ParameterScope } from '../parameter-scope.ts';
import { constant } from './initializers.ts';

/**
 * Builds "weight" (1) and "bias" (0), [dimensions].
 * @param epsilon added to the variance; 1e-6 in vision transformers, 1e-12 in BERT.
 * @returns the map over [..., dimensions]; y = (x − mean) / √(variance + epsilon) · weight + bias
 */
export function buildLayerNorm(
  scope: ParameterScope,
  dimensions: number,
  epsilon: number,
): <T extends tf.Tensor>(x: T) => T {
  const [weight, bias] = buildWeights(scope, dimensions);
  return (x) => layerNorm(x, weight, bias, epsilon);
}

/** The same for the start of a residual branch: gives y, and x for the way around it (see `layerNormWithSkip`). */
export function buildPreNorm(
  scope: ParameterScope,
  dimensions: number,
  epsilon: number,
): <T extends tf.Tensor>(x: T) => readonly [normal: T, skip: T] {
  const [weight, bias] = buildWeights(scope, dimensions);
  return (x) => layerNormWithSkip(x, weight, bias, epsilon);
}

function buildWeights(scope: ParameterScope, dimensions: number): [tf.Tensor1D, tf.Tensor1D] {
  const weight = scope.weight('weight', [dimensions], constant(1)) as tf.Variable<tf.Rank.R1>;
  return [weight, scope.weight('bias', [dimensions], constant(0)) as tf.Variable<tf.Rank.R1>];
}
