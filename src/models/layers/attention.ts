/**
 * Scaled dot-product attention with several heads.
 * Vaswani et al., Attention Is All You Need, 2017, https://arxiv.org/abs/1706.03762, section 3.2.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { selfAttention } from '../../kernels/attention.ts';
import type { ParameterScope } from '../parameter-scope.ts';
import { buildLinear } from './linear.ts';

/**
 * Self-attention with one map for queries, keys and values, as in vision transformers: "qkv" and "proj".
 * @returns the map over [batch, tokens, dimensions], plus a residual of that shape where one is given
 */
export function buildSelfAttention(
  scope: ParameterScope,
  dimensions: number,
  heads: number,
): (x: tf.Tensor3D, residual?: tf.Tensor3D) => tf.Tensor3D {
  const qkv = buildLinear(scope.within('qkv'), dimensions, 3 * dimensions);
  const projection = buildLinear(scope.within('proj'), dimensions, dimensions);
  return (x, residual) => projection(selfAttention(qkv(x), heads), residual);
}
