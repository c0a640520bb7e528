/**
 * What stands before the patches of a vision transformer, and the learned positions: names and order as in timm's VisionTransformer
 * (`_pos_embed`). Registers: Darcet et al., Vision Transformers Need Registers, 2023, https://arxiv.org/abs/2309.16588.
 */
import * as tf from '@tensorflow/tfjs-core';
import { embedTokens } from '../../kernels/embedding-tokens.ts';
import type { ParameterScope } from '../parameter-scope.ts';
import { normal, truncatedNormal } from './initializers.ts';

/** Which tokens stand before the patches; left out: a class token with a position of its own, as in the paper. */
export interface PrefixTokens {
  /** Whether a class token comes first; true when left out. */
  readonly classToken?: boolean;
  /** Tokens after the class token that belong to no patch; 0 when left out. */
  readonly registers?: number;
  /** 'patches' (timm's `no_embed_class`, DINOv2 with registers): only patches have positions; 'all' when left out. */
  readonly positions?: 'all' | 'patches';
}

/** How many tokens stand before the patches. */
export function prefixCount({ classToken = true, registers = 0 }: PrefixTokens): number {
  return Number(classToken) + registers;
}

/**
 * Builds "cls_token" [1, 1, dimensions], "reg_token" [1, registers, dimensions] and "pos_embed" [1, places, dimensions].
 * @returns the map from patches [batch, count, dimensions] to [batch, prefix + count, dimensions]
 */
export function buildPrefixTokens(
  scope: ParameterScope,
  prefix: PrefixTokens,
  count: number,
  dimensions: number,
): (patches: tf.Tensor3D) => tf.Tensor3D {
  const { classToken = true, registers = 0, positions: placed = 'all' } = prefix;
  const first = classToken ? [scope.weight('cls_token', [1, 1, dimensions], normal(1e-6))] : [];
  const tokens =
    registers > 0 ? [...first, scope.weight('reg_token', [1, registers, dimensions], normal(1e-6))] : first;
  const places = placed === 'all' ? prefixCount(prefix) + count : count;
  const positions = scope.weight('pos_embed', [1, places, dimensions], truncatedNormal(0.02));
  if (classToken && registers === 0 && placed === 'all') {
    return (patches) => embedTokens(patches, first[0]!, positions);
  }
  const before = (patches: tf.Tensor3D): tf.Tensor3D =>
    tf.concat<tf.Tensor3D>(
      [...tokens.map((token) => tf.tile(token as tf.Tensor3D, [patches.shape[0], 1, 1])), patches],
      1,
    );
  return placed === 'all'
    ? (patches) => tf.add<tf.Tensor3D>(before(patches), positions)
    : (patches) => before(tf.add<tf.Tensor3D>(patches, positions));
}
