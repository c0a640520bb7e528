/**
 * Group normalisation: each film is normalised by itself, in groups of channels, so that it works with any batch size and is the same in
 * training and use. Wu and He, Group Normalization, 2018, https://arxiv.org/abs/1803.08494.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { groupNorm } from '../../kernels/normalisation/group-norm.ts';
import type { ParameterScope } from '../parameter-scope.ts';
import { constant } from './initializers.ts';

/** What follows a normalisation, computed with it: first the residual is added, then the sum clamped at 0. */
export interface Following {
  readonly relu?: boolean;
  /** Of the normalised map's shape. */
  readonly residual?: tf.Tensor4D;
}

const epsilon = 1e-5;

/** Channels to a group where they divide evenly; the paper finds 16 or fewer to a group about equally good (table 3). */
const channelsPerGroup = 8;

/** The number of groups for a number of channels: groups of 8, or of the next larger size that divides the channels. */
export function groupCount(channels: number): number {
  for (let size = Math.min(channelsPerGroup, channels); size < channels; size++) {
    if (channels % size === 0) return channels / size;
  }
  return 1;
}

/**
 * Builds "weight" (1) and "bias" (0), [channels].
 * @returns the map over [batch, height, width, channels]; y = (x − mean) / √(variance + 1e-5) · weight + bias, and what follows it
 */
export function buildGroupNorm(
  scope: ParameterScope,
  channels: number,
): (x: tf.Tensor4D, following?: Following) => tf.Tensor4D {
  const weight = scope.weight('weight', [channels], constant(1)) as tf.Variable<tf.Rank.R1>;
  const bias = scope.weight('bias', [channels], constant(0)) as tf.Variable<tf.Rank.R1>;
  const groups = groupCount(channels);
  return (x, { relu = false, residual } = {}) =>
    groupNorm(x, weight, bias, { groups, epsilon, relu }, residual);
}
