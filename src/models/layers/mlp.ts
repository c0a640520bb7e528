/**
 * The two-layer perceptron of transformers: fc1, exact GELU, fc2.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { ParameterScope } from '../parameter-scope.ts';
import { gelu } from './gelu.ts';
import { buildLinear } from './linear.ts';

/** Builds "fc1" (dimensions → hidden) and "fc2" (hidden → dimensions) over [..., dimensions]. */
export function buildMlp(
  scope: ParameterScope,
  dimensions: number,
  hidden: number,
): <T extends tf.Tensor>(x: T) => T {
  const fc1 = buildLinear(scope.within('fc1'), dimensions, hidden);
  const fc2 = buildLinear(scope.within('fc2'), hidden, dimensions);
  return (x) => fc2(gelu(fc1(x)));
}
