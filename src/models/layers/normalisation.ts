/**
 * The choice between the two normalisations of convolutional networks; both bear the same weight names.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { ParameterScope } from '../parameter-scope.ts';
import { buildBatchNorm } from './batch-norm.ts';
import { buildGroupNorm, type Following } from './group-norm.ts';

/** 'group' for training from scratch with small batches; 'batch' for weights that come with running statistics. */
export type Normalisation = 'group' | 'batch';

/** The map over [batch, height, width, channels], with what follows it. */
export type Normalise = (x: tf.Tensor4D, training: boolean, following?: Following) => tf.Tensor4D;

/** Builds the chosen normalisation. */
export function buildNormalisation(kind: Normalisation, scope: ParameterScope, channels: number): Normalise {
  switch (kind) {
    case 'group': {
      const normalise = buildGroupNorm(scope, channels);
      return (x, _training, following) => normalise(x, following);
    }
    case 'batch':
      return buildBatchNorm(scope, channels);
    default:
      return kind satisfies never;
  }
}
