/**
 * The affine map y = x·W + b over the last axis.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { linear, type Affine } from '../../kernels/matmul/linear.ts';
import type { ParameterScope } from '../parameter-scope.ts';
import { constant, truncatedNormal, type Initializer } from './initializers.ts';

/** How a linear layer starts. */
export interface LinearOptions {
  readonly weight?: Initializer;
  readonly bias?: Initializer;
}

/** A linear layer: maps [..., inputs] to [..., outputs], plus a residual of that shape where one is given. */
export type Linear = <T extends tf.Tensor>(x: T, residual?: T) => T;

/** Builds "weight" [inputs, outputs] and "bias" [outputs]; truncated normal 0.02 and zeros unless told otherwise. */
export function buildLinear(
  scope: ParameterScope,
  inputs: number,
  outputs: number,
  options: LinearOptions & { readonly activation?: 'linear' | 'gelu' } = {},
): Linear {
  const affine = buildAffine(scope, inputs, outputs, options);
  const { activation = 'linear' } = options;
  return <T extends tf.Tensor>(x: T, residual?: T) => linear(x, affine, { activation, residual }) as T;
}

/** The weights of a linear layer by themselves, for what is made of several. */
export function buildAffine(
  scope: ParameterScope,
  inputs: number,
  outputs: number,
  options: LinearOptions = {},
): Affine {
  const weight = scope.weight('weight', [inputs, outputs], options.weight ?? truncatedNormal(0.02), {
    decay: true,
    layout: 'linear',
  });
  return { weight, bias: scope.weight('bias', [outputs], options.bias ?? constant(0)) };
}
