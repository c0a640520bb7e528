/**
 * What stands before the patches of a vision transformer, and the learned positions: names and order as in timm's VisionTransformer
 * (`_pos_embed`). Registers: Darcet et al., Vision Transformers Need Registers, 2023, https://arxiv.org/abs/2309.16588.
 */
import * as tf from '@tensorflow/tfjs-core';
import { embedTokens } from '../../kernels/embedding-tokens.ts';
import type { ParameterScope } from '../parameter-scope.ts';
import { positionResampling } from '../weights/position-embedding.ts';
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
 * @returns the map from patches [batch, count, dimensions] to [batch, prefix + count, dimensions]; another square number of patches takes
 *   resampled positions
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
  const ahead = placed === 'all' ? prefixCount(prefix) : 0;
  const positionsOf = ({ shape: [, found] }: tf.Tensor3D): tf.Tensor =>
    found === count ? positions : resampled(positions, ahead, count, found);
  if (classToken && registers === 0 && placed === 'all') {
    return (patches) => embedTokens(patches, first[0]!, positionsOf(patches));
  }
  const before = (patches: tf.Tensor3D): tf.Tensor3D =>
    tf.concat<tf.Tensor3D>(
      [...tokens.map((token) => tf.tile(token as tf.Tensor3D, [patches.shape[0], 1, 1])), patches],
      1,
    );
  return placed === 'all'
    ? (patches) => tf.add<tf.Tensor3D>(before(patches), positionsOf(patches))
    : (patches) => before(tf.add<tf.Tensor3D>(patches, positionsOf(patches)));
}

/** Positions [1, prefix + newCount, dimensions] of [1, prefix + count, dimensions], for another square grid of patches. */
function resampled(positions: tf.Tensor, prefix: number, count: number, newCount: number): tf.Tensor3D {
  const dimensions = positions.shape[2]!;
  const [grid, newGrid] = [Math.sqrt(count), Math.sqrt(newCount)];
  const rows = tf.reshape<tf.Rank.R2>(positions, [prefix + count, dimensions]);
  const ofPatches = tf.slice(rows, [prefix, 0], [count, dimensions]);
  const matrix = tf.tensor2d(positionResampling([grid, grid], [newGrid, newGrid]), [newCount, count]);
  const moved = tf.matMul<tf.Tensor2D>(matrix, ofPatches);
  const all = prefix === 0 ? moved : tf.concat2d([tf.slice2d(rows, [0, 0], [prefix, dimensions]), moved], 0);
  return tf.expandDims<tf.Tensor3D>(all, 0);
}
