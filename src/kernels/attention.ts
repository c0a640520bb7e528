/**
 * Scaled dot-product attention with several heads on WebGPU, without the matrix of weights in memory: one dispatch forward, two back.
 *
 *   O = softmax(Q·Kᵀ/√d + mask) · V   for each head
 *
 * The softmax is taken in one pass over the keys (M. Milakov, N. Gimelshein, "Online normalizer calculation for softmax", 2018,
 * https://arxiv.org/abs/1805.02867, algorithm 3); the way back recomputes the weights from the largest logit and the sum of each row
 * (T. Dao, D. Fu, S. Ermon, A. Rudra, C. Ré, "FlashAttention", 2022, https://arxiv.org/abs/2205.14135, algorithms 1 and 4).
 */
import * as tf from '@tensorflow/tfjs-core';
import { runsInSoftware } from '../tensors/backend.ts';
import {
  asTensor,
  bufferLimit,
  dispatch,
  emptyTensor,
  heldAsFloat,
  release,
} from '../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../tensors/webgpu-insides.ts';
import {
  attentionShader,
  foldShader,
  keysShader,
  productsOf,
  queriesShader,
  threadsOf,
  type AttentionProblem,
  type AttentionSizes,
} from './attention-shaders.ts';
import { FEW_PRODUCTS, lineGroups } from './wgsl.ts';

/** Added to the logits of masked keys: far below any logit, yet finite, so that no row becomes NaN. */
const masked = -1e9;

/**
 * Attention of queries to keys, heads side by side in the last axis. Differentiable once in query, key and value.
 * @param query [batch, queries, dimensions]; dimensions is a multiple of heads. @param key, value [batch, keys, dimensions]
 * @param mask [batch, keys], 1 where a key may be looked at and 0 where not; null = everywhere. Where none may be looked at, all weigh
 *   as if they were not masked.
 * @returns [batch, queries, dimensions]
 */
export function attention(
  query: tf.Tensor3D,
  key: tf.Tensor3D,
  value: tf.Tensor3D,
  heads: number,
  mask: tf.Tensor2D | null,
): tf.Tensor3D {
  const inputs = [query, key, value];
  if (!onWebgpu() || !inputs.every((x) => x.size > 0 && heldAsFloat(x))) {
    return composed(query, key, value, heads, mask);
  }
  const [batch, queries, dimensions] = query.shape;
  const sizes: AttentionSizes = {
    ...withRows({ batch, queries, keys: key.shape[1], heads, head: dimensions / heads }),
    ...{ packed: false, masked: mask !== null },
    folded: mask !== null && bufferLimit() < 9,
  };
  return attend(inputs, sizes, mask ? [tf.cast(mask, 'int32')] : [], query.shape) as tf.Tensor3D;
}

/**
 * Self-attention straight on the packed projection, queries, keys and values one after another in the last axis; its gradient comes out
 * packed as well. Differentiable once.
 * @param qkv [batch, tokens, 3 · dimensions] @returns [batch, tokens, dimensions]
 */
export function selfAttention(qkv: tf.Tensor3D, heads: number): tf.Tensor3D {
  if (!onWebgpu() || qkv.size === 0 || !heldAsFloat(qkv)) {
    const [query, key, value] = tf.split(qkv, 3, 2) as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
    return composed(query, key, value, heads, null);
  }
  const [batch, tokens, width] = qkv.shape;
  const dimensions = width / 3;
  const sizes: AttentionSizes = {
    ...withRows({ batch, queries: tokens, keys: tokens, heads, head: dimensions / heads }),
    ...{ packed: true, masked: false, folded: false },
  };
  return attend([qkv], sizes, [], [batch, tokens, dimensions]) as tf.Tensor3D;
}

/** Attention by the definition, in double precision; query [queries, head], key and value [keys, head], of one head. */
export function attentionReference(
  query: ArrayLike<number>,
  key: ArrayLike<number>,
  value: ArrayLike<number>,
  head: number,
  mask?: ArrayLike<number>,
): Float64Array {
  const [queries, keys] = [query.length / head, key.length / head];
  const result = new Float64Array(queries * head);
  for (let i = 0; i < queries; i++) {
    const logits = Array.from({ length: keys }, (_, j) => {
      let dot = 0;
      for (let c = 0; c < head; c++) dot += query[i * head + c]! * key[j * head + c]!;
      return dot / Math.sqrt(head) + (mask?.[j] === 0 ? masked : 0);
    });
    const largest = Math.max(...logits);
    const weights = logits.map((logit) => Math.exp(logit - largest));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    for (let j = 0; j < keys; j++) {
      for (let c = 0; c < head; c++) result[i * head + c]! += (weights[j]! / sum) * value[j * head + c]!;
    }
  }
  return result;
}

/** With the rows that one thread keeps: software saves reads by several where there is much to do, a graphics card wants the threads. */
function withRows(problem: AttentionProblem): AttentionProblem & Pick<AttentionSizes, 'rows'> {
  const { head } = problem;
  if (!runsInSoftware() || productsOf(problem) < FEW_PRODUCTS) return { ...problem, rows: 1 };
  return { ...problem, rows: head <= 32 ? 4 : head <= 64 ? 2 : 1 };
}

function attend(inputs: tf.Tensor[], sizes: AttentionSizes, mask: tf.Tensor[], shape: number[]): tf.Tensor {
  const { batch, heads, queries } = sizes;
  const op = tf.customGrad((...args) => {
    const given = args.slice(0, -1) as tf.Tensor[];
    const save = args.at(-1) as tf.GradSaveFunc;
    const [o, statistics] = [emptyTensor(shape), emptyTensor([batch, heads, queries, 2])];
    const kernel = {
      key: `attention ${JSON.stringify(sizes)}`,
      code: () => attentionShader(sizes),
      integers: sizes.masked ? [given.length] : [],
    };
    dispatch(kernel, [...given, ...mask, o, statistics], lineGroups(threadsOf(sizes, queries)));
    const output = asTensor(o);
    save([...given, ...mask, output, asTensor(statistics)]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => backward(dy, saved, sizes);
    return { value: output, gradFunc };
  });
  return op(...inputs);
}

/** Gradients with respect to query, key and value, or to the packed projection, a third of which the first dispatch writes. */
function backward(dy: tf.Tensor, saved: readonly tf.Tensor[], sizes: AttentionSizes): tf.Tensor[] {
  const { batch, heads, queries, keys, packed, masked } = sizes;
  const key = JSON.stringify(sizes);
  const count = packed ? 1 : 3;
  const given = saved.slice(0, masked ? count + 1 : count);
  const integers = masked ? [count] : [];
  const [output, statistics] = saved.slice(-2) as [tf.Tensor, tf.Tensor];
  const [first, ...others] = saved.slice(0, count).map(({ shape }) => emptyTensor(shape));
  const folded = sizes.folded ? fold(dy, output, statistics, sizes) : null;
  const deltas = folded ? null : emptyTensor([batch, heads, queries]);
  dispatch(
    { key: `attention query gradient ${key}`, code: () => queriesShader(sizes), integers },
    [...given, dy, ...(folded ? [folded, first!] : [output, statistics, first!, deltas!])],
    lineGroups(threadsOf(sizes, queries)),
  );
  dispatch(
    { key: `attention key gradient ${key}`, code: () => keysShader(sizes), integers },
    [...given, dy, ...(folded ? [folded] : [statistics, deltas!]), ...(packed ? [first!] : others)],
    lineGroups(threadsOf(sizes, keys)),
  );
  release(folded ?? deltas!);
  return [first!, ...others].map((info) => asTensor(info));
}

/** Statistics of each query, and Σ dO·O with them: [batch, heads, queries, 4]. */
function fold(dy: tf.Tensor, output: tf.Tensor, statistics: tf.Tensor, sizes: AttentionSizes): tf.TensorInfo {
  const { batch, heads, queries } = sizes;
  const folded = emptyTensor([batch, heads, queries, 4]);
  const kernel = { key: `attention fold ${JSON.stringify(sizes)}`, code: () => foldShader(sizes) };
  dispatch(kernel, [dy, output, statistics, folded], lineGroups(threadsOf(sizes, queries)));
  return folded;
}

/** The same on TensorFlow.js operations, for other backends. */
function composed(
  query: tf.Tensor3D,
  key: tf.Tensor3D,
  value: tf.Tensor3D,
  heads: number,
  mask: tf.Tensor2D | null,
): tf.Tensor3D {
  const [batch, queries, dimensions] = query.shape;
  const split = (x: tf.Tensor3D): tf.Tensor4D =>
    tf.transpose(tf.reshape(x, [batch, x.shape[1], heads, dimensions / heads]), [0, 2, 1, 3]);
  const scaled = tf.mul(split(query), 1 / Math.sqrt(dimensions / heads));
  const logits = tf.matMul(scaled, split(key), false, true); // [batch, heads, queries, keys]
  const weights = tf.softmax(mask ? tf.add(logits, maskLogits(mask)) : logits);
  const mixed = tf.transpose(tf.matMul(weights, split(value)), [0, 2, 1, 3]);
  return tf.reshape(mixed, [batch, queries, dimensions]);
}

function maskLogits(mask: tf.Tensor2D): tf.Tensor4D {
  const [batch, keys] = mask.shape;
  return tf.reshape(tf.mul(tf.sub(1, tf.cast(mask, 'float32')), masked), [batch, 1, 1, keys]);
}
