/**
 * The linear head on an embedding: f of an image-only classifier, and the whole of a linear probe.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../random/random.ts';
import { normal } from './layers/initializers.ts';
import { buildLinear } from './layers/linear.ts';
import type { NamedVariable } from './parameters.ts';
import { ParameterScope } from './parameter-scope.ts';

/** A head on one embedding. */
export interface LinearHead {
  readonly variables: readonly NamedVariable[];
  /** @param embeddings [batch, dimensions]. @returns logits [batch, outputs] */
  forward(embeddings: tf.Tensor2D): tf.Tensor2D;
  dispose(): void;
}

/**
 * Builds "<name>.weight" and "<name>.bias". Weights start normal with standard deviation 0.01, the bias at 0: first probabilities are
 * close to one half for every film, yet a seed has its own start, so that the spread over seeds is not hidden.
 */
export function buildLinearHead(
  dimensions: number,
  outputs: number,
  random: Random,
  name = 'head',
): LinearHead {
  const scope = new ParameterScope(random);
  const linear = buildLinear(scope.within(name), dimensions, outputs, { weight: normal(0.01) });
  return {
    variables: scope.variables,
    forward: (embeddings) => linear(embeddings),
    dispose: () => scope.dispose(),
  };
}
