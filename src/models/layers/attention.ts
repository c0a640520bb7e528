/**
 * Scaled dot-product attention with several heads.
 * Vaswani et al., Attention Is All You Need, 2017, https://arxiv.org/abs/1706.03762, section 3.2.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { ParameterScope } from '../parameter-scope.ts';
import { buildLinear } from './linear.ts';

/** Added to the logits of masked positions: far below any logit, yet finite, so that no row becomes NaN. */
const masked = -1e9;

/**
 * softmax(q·kᵀ/√d + mask)·v for each head, heads side by side again at the end.
 * @param query, key, value [batch, tokens, dimensions]; dimensions is a multiple of heads.
 * @param mask [batch, tokens], 1 where a token may be looked at and 0 where not; null = everywhere.
 * @returns [batch, tokens, dimensions]
 */
export function attend(
  query: tf.Tensor3D,
  key: tf.Tensor3D,
  value: tf.Tensor3D,
  heads: number,
  mask: tf.Tensor2D | null,
): tf.Tensor3D {
  const [batch, tokens, dimensions] = query.shape;
  const split = (x: tf.Tensor3D): tf.Tensor4D =>
    tf.transpose(tf.reshape(x, [batch, tokens, heads, dimensions / heads]), [0, 2, 1, 3]);
  const scaled = tf.mul(split(query), 1 / Math.sqrt(dimensions / heads));
  const logits = tf.matMul(scaled, split(key), false, true); // [batch, heads, tokens, tokens]
  const weights = tf.softmax(mask ? tf.add(logits, maskLogits(mask)) : logits);
  const mixed = tf.transpose(tf.matMul(weights, split(value)), [0, 2, 1, 3]);
  return tf.reshape(mixed, [batch, tokens, dimensions]);
}

function maskLogits(mask: tf.Tensor2D): tf.Tensor4D {
  const [batch, tokens] = mask.shape;
  return tf.reshape(tf.mul(tf.sub(1, tf.cast(mask, 'float32')), masked), [batch, 1, 1, tokens]);
}

/**
 * Self-attention with one map for queries, keys and values, as in vision transformers: "qkv" and "proj".
 * @returns the map over [batch, tokens, dimensions]
 */
export function buildSelfAttention(
  scope: ParameterScope,
  dimensions: number,
  heads: number,
): (x: tf.Tensor3D) => tf.Tensor3D {
  const qkv = buildLinear(scope.within('qkv'), dimensions, 3 * dimensions);
  const projection = buildLinear(scope.within('proj'), dimensions, dimensions);
  return (x) => {
    const [query, key, value] = tf.split(qkv(x), 3, 2) as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
    return projection(attend(query, key, value, heads, null));
  };
}
