/**
 * The affine map y = x·W + b over the last axis.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { ParameterScope } from '../parameter-scope.ts';
import { constant, truncatedNormal, type Initializer } from './initializers.ts';

/** How a linear layer starts. */
export interface LinearOptions {
  readonly weight?: Initializer;
  readonly bias?: Initializer;
}

/**
 * Builds "weight" [inputs, outputs] and "bias" [outputs]; truncated normal 0.02 and zeros unless told otherwise.
 * @returns the map from [..., inputs] to [..., outputs]
 */
export function buildLinear(
  scope: ParameterScope,
  inputs: number,
  outputs: number,
  options: LinearOptions = {},
): <T extends tf.Tensor>(x: T) => T {
  const weight = scope.weight('weight', [inputs, outputs], options.weight ?? truncatedNormal(0.02), {
    decay: true,
    layout: 'linear',
  });
  const bias = scope.weight('bias', [outputs], options.bias ?? constant(0));
  return <T extends tf.Tensor>(x: T): T => {
    const rows = tf.reshape(x, [-1, inputs]);
    const y = tf.add(tf.matMul(rows, weight as tf.Tensor2D), bias);
    return tf.reshape(y, [...x.shape.slice(0, -1), outputs]) as T;
  };
}
