/**
 * A learned factor for each channel of a residual branch.
 * Touvron et al., Going deeper with Image Transformers, 2021, https://arxiv.org/abs/2103.17239, section 2.1.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { ParameterScope } from '../parameter-scope.ts';
import { constant } from './initializers.ts';

/** Builds "gamma" [dimensions], all `initial` at first; maps [..., dimensions] to x · gamma. */
export function buildLayerScale(
  scope: ParameterScope,
  dimensions: number,
  initial: number,
): <T extends tf.Tensor>(x: T) => T {
  const gamma = scope.weight('gamma', [dimensions], constant(initial));
  return (x) => tf.mul(x, gamma);
}
