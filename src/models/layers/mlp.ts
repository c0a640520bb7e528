/**
 * The two-layer perceptron of transformers: fc1, exact GELU, fc2.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { perceptron } from '../../kernels/matmul/linear.ts';
import type { ParameterScope } from '../parameter-scope.ts';
import { buildAffine } from './linear.ts';

/**
 * Builds "fc1" (dimensions → hidden) and "fc2" (hidden → dimensions).
 * @returns the map over [..., dimensions], plus a residual of that shape where one is given
 */
export function buildMlp(
  scope: ParameterScope,
  dimensions: number,
  hidden: number,
): <T extends tf.Tensor>(x: T, residual?: T) => T {
  const first = buildAffine(scope.within('fc1'), dimensions, hidden);
  const second = buildAffine(scope.within('fc2'), hidden, dimensions);
  return <T extends tf.Tensor>(x: T, residual?: T) => perceptron(x, first, second, residual) as T;
}
