/**
 * Layer normalisation over the last axis. Ba et al., Layer Normalization, 2016, https://arxiv.org/abs/1607.06450.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { layerNorm } from '../../kernels/layer-norm.ts';
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
  const weight = scope.weight('weight', [dimensions], constant(1)) as tf.Variable<tf.Rank.R1>;
  const bias = scope.weight('bias', [dimensions], constant(0)) as tf.Variable<tf.Rank.R1>;
  return (x) => layerNorm(x, weight, bias, epsilon);
}
