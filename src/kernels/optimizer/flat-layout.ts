/**
 * Many tensors side by side in one buffer, each at a multiple of four numbers: what optimizers keep of all weights together.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Where each tensor lies. */
export interface FlatLayout {
  /** Numbers of each tensor. */
  readonly sizes: readonly number[];
  /** Where each begins, in vectors of four numbers. */
  readonly offsets: readonly number[];
  /** Vectors of all tensors together. */
  readonly vectors: number;
}

/** The layout of tensors of these sizes, in their order. */
export function flatLayout(sizes: readonly number[]): FlatLayout {
  let vectors = 0;
  const offsets = sizes.map((size) => {
    const offset = vectors;
    vectors += Math.ceil(size / 4);
    return offset;
  });
  return { sizes, offsets, vectors };
}

/** The numbers of each tensor, cut from all. @param flat at least 4 × vectors numbers. */
export function cutFlat({ sizes, offsets }: FlatLayout, flat: Float32Array): Float32Array[] {
  return sizes.map((size, i) => flat.slice(4 * offsets[i]!, 4 * offsets[i]! + size));
}

/** All tensors' numbers in one array, 0 between them. @param parts one array per tensor, of its size. */
export function joinFlat({ offsets, vectors }: FlatLayout, parts: readonly Float32Array[]): Float32Array {
  const flat = new Float32Array(4 * vectors);
  parts.forEach((part, i) => flat.set(part, 4 * offsets[i]!));
  return flat;
}

/** As `joinFlat`, by TensorFlow.js's operations. @param parts undefined where a tensor has no numbers: 0. */
export function joinTensors(
  { sizes, vectors }: FlatLayout,
  parts: readonly (tf.Tensor | undefined)[],
): tf.Tensor1D {
  if (vectors === 0) return tf.zeros([0]);
  return tf.tidy(() =>
    tf.concat1d(
      sizes.map((size, i) => {
        const part = parts[i] ? tf.reshape(parts[i], [size]) : tf.zeros<tf.Rank.R1>([size]);
        return tf.pad1d(part as tf.Tensor1D, [0, 4 * Math.ceil(size / 4) - size]);
      }),
    ),
  );
}
