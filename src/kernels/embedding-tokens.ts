/**
 * The tokens that a vision transformer starts from, in one dispatch: the class token and the patches, each with its learned position.
 *
 *   tokens[b, 0] = class + positions[0],  tokens[b, 1 + p] = patches[b, p] + positions[1 + p]
 *
 * A. Dosovitskiy et al., "An Image is Worth 16x16 Words", 2020, https://arxiv.org/abs/2010.11929, equation 1.
 */
import * as tf from '@tensorflow/tfjs-core';
import { asTensor, dispatch, emptyTensor, heldAsFloat } from '../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../tensors/webgpu-insides.ts';
import { reduce } from './reduce.ts';
import { lineGroups, lineThread, LINE, shader, typeOf, widthOf } from './wgsl.ts';

/**
 * Differentiable once in all three.
 * @param patches [batch, count, dimensions] @param classToken [1, 1, dimensions] @param positions [1, 1 + count, dimensions]
 * @returns [batch, 1 + count, dimensions]
 */
export function embedTokens(patches: tf.Tensor3D, classToken: tf.Tensor, positions: tf.Tensor): tf.Tensor3D {
  const [batch, count, dimensions] = patches.shape;
  if (!onWebgpu() || patches.size === 0 || !heldAsFloat(patches)) {
    const first = tf.broadcastTo<tf.Rank.R3>(classToken, [batch, 1, dimensions]);
    return tf.add(tf.concat([first, patches], 1), positions);
  }
  const op = tf.customGrad((...args) => {
    const [p, c, at] = args as tf.Tensor[];
    return { value: assembled(p!, c!, at!), gradFunc: (dy: tf.Tensor) => gradients(dy, count) };
  });
  return op(patches, classToken, positions) as tf.Tensor3D;
}

/** The tokens by the definition; patches [batch, count, dimensions], classToken [dimensions], positions [1 + count, dimensions]. */
export function embedTokensReference(
  patches: Float32Array,
  classToken: Float32Array,
  positions: Float32Array,
): Float32Array {
  const row = positions.length;
  const own = row - classToken.length;
  return Float32Array.from({ length: (patches.length / own) * row }, (_, i) => {
    const [entry, at] = [Math.floor(i / row), i % row];
    const token = at < classToken.length ? classToken[at]! : patches[entry * own + at - classToken.length]!;
    return token + positions[at]!;
  });
}

function assembled(patches: tf.Tensor, classToken: tf.Tensor, positions: tf.Tensor): tf.Tensor {
  const [batch, count, dimensions] = patches.shape as [number, number, number];
  const width = widthOf(dimensions);
  const [vectors, type] = [dimensions / width, typeOf(width)];
  const [row, threads] = [(1 + count) * vectors, batch * (1 + count) * vectors];
  const tokens = emptyTensor([batch, 1 + count, dimensions]);
  const kernel = {
    key: `embed tokens ${[batch, count, dimensions].join()}`,
    code: () =>
      shader(
        [`patches: ${type}`, `classToken: ${type}`, `positions: ${type}`, `*tokens: ${type}`],
        [LINE],
        `${lineThread(threads)}
let at = thread % ${row}u;
if (at < ${vectors}u) {
  tokens[thread] = classToken[at] + positions[at];
} else {
  tokens[thread] = patches[thread / ${row}u * ${count * vectors}u + at - ${vectors}u] + positions[at];
}`,
      ),
  };
  dispatch(kernel, [patches, classToken, positions, tokens], lineGroups(threads));
  return asTensor(tokens);
}

/** Gradients with respect to patches, class token and positions; that of the class token is the first row of the positions'. */
function gradients(dy: tf.Tensor, count: number): tf.Tensor[] {
  const [batch, tokens, dimensions] = dy.shape as [number, number, number];
  const reduction = { outer: 1, reduced: batch, inner: tokens * dimensions };
  const positions = asTensor<tf.Tensor3D>(reduce(dy, reduction, [1, tokens, dimensions]));
  const patches = tf.slice(dy, [0, 1, 0], [batch, count, dimensions]);
  return [patches, tf.slice(positions, [0, 0, 0], [1, 1, dimensions]), positions];
}
