/**
 * The choice between the two normalisations of convolutional networks; both bear the same weight names.
 */
import type { ParameterScope } from '../parameter-scope.ts';
import { buildBatchNorm } from './batch-norm.ts';
import { buildGroupNorm } from './group-norm.ts';
import type { Normalise } from './normalise.ts';

/** 'group' for training from scratch with small batches; 'batch' for weights that come with running statistics. */
export type Normalisation = 'group' | 'batch';

/** Builds the chosen normalisation over [batch, height, width, channels]. */
export function buildNormalisation(kind: Normalisation, scope: ParameterScope, channels: number): Normalise {
  switch (kind) {
    case 'group':
      return buildGroupNorm(scope, channels);
    case 'batch':
      return buildBatchNorm(scope, channels);
    default:
      return kind satisfies never;
  }
}
