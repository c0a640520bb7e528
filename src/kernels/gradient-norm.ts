/**
 * The global norm of all gradients, √Σ‖g‖², and the factor that clips them to a greatest norm, without reading anything back.
 *
 * R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural networks", ICML 2013,
 * https://arxiv.org/abs/1211.5063, section 3.2; the factor min(1, greatest / (norm + 1e-6)) is that of torch.nn.utils.clip_grad_norm_.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from '../tensors/kernel.ts';
import { asTensor, bufferLimit, dispatch, emptyTensor, release } from '../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../tensors/webgpu-insides.ts';
import { float, LINE, repeat, shader } from './wgsl.ts';

/** Floats that one thread squares and adds. */
const CHUNK = 512;

/** √Σx² over all values of all arrays, added in double precision. */
export function globalNormReference(arrays: readonly Float32Array[]): number {
  let sum = 0;
  for (const array of arrays) for (const value of array) sum += value * value;
  return Math.sqrt(sum);
}

/** The global norm of the tensors, a scalar; 0 for none. NaN and infinity in any of them show in it. */
export function globalNorm(tensors: readonly tf.Tensor[]): tf.Scalar {
  const full = tensors.filter((tensor) => tensor.size > 0);
  if (full.length === 0) return tf.scalar(0);
  if (!onWebgpu()) {
    return tf.tidy(() => tf.sqrt(tf.addN(full.map((x) => tf.sum<tf.Scalar>(tf.square(x))))));
  }
  const counts = full.map((tensor) => Math.ceil(tensor.size / CHUNK));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const parts = emptyTensor([total]);
  const perDispatch = bufferLimit() - 1;
  for (let i = 0, start = 0; i < full.length; i += perDispatch) {
    const some = full.slice(i, i + perDispatch);
    squareSums(some, parts, start);
    start += counts.slice(i, i + perDispatch).reduce((sum, count) => sum + count, 0);
  }
  const norm = emptyTensor([]);
  dispatch({ key: `globalNorm root ${total}`, code: () => rootShader(total) }, [parts, norm], [1]);
  release(parts);
  return asTensor<tf.Scalar>(norm);
}

/**
 * The eight scalars of an AdamW step with their clip factor set to min(1, greatestNorm / (norm + 1e-6)); a new tensor.
 * @param greatestNorm > 0
 */
export function clippedScalars(scalars: tf.Tensor1D, norm: tf.Scalar, greatestNorm: number): tf.Tensor1D {
  if (!onWebgpu()) {
    return tf.tidy(() => {
      const factor = tf.minimum(1, tf.div(greatestNorm, tf.add(norm, 1e-6)));
      return tf.concat1d([tf.slice1d(scalars, 0, 7), tf.reshape(factor, [1])]);
    });
  }
  const clipped = emptyTensor([8]);
  const kernel: Kernel = {
    key: `clippedScalars ${greatestNorm}`,
    code: () =>
      shader(
        ['scalars: f32', 'norm: f32', '*clipped: f32'],
        [8],
        `
let factor = ${float(greatestNorm)} / (norm[0] + 1e-6);
clipped[id.x] = select(scalars[id.x], select(factor, 1.0, factor > 1.0), id.x == 7u);`,
      ),
  };
  dispatch(kernel, [scalars, norm, clipped], [1]);
  return asTensor<tf.Tensor1D>(clipped);
}

/** Writes the sums of squares of each tensor's chunks to `parts`, from `start` on. */
function squareSums(tensors: readonly tf.Tensor[], parts: tf.TensorInfo, start: number): void {
  const sizes = tensors.map((tensor) => tensor.size);
  const threads = sizes.reduce((sum, size) => sum + Math.ceil(size / CHUNK), 0);
  const kernel: Kernel = {
    key: `globalNorm squares ${start} ${sizes.join()}`,
    code: () => squareSumShader(sizes, start),
  };
  dispatch(kernel, [parts, ...tensors], [Math.ceil(threads / LINE)]);
}

function squareSumShader(sizes: readonly number[], start: number): string {
  let first = 0;
  const branches = sizes.map((size, n) => {
    const from = first;
    first += Math.ceil(size / CHUNK);
    return `if (id.x < ${first}u) {
  let begin = (id.x - ${from}u) * ${CHUNK}u;
  var sum = 0.0;
  for (var i = begin; i < min(begin + ${CHUNK}u, ${size}u); i++) { sum += x${n}[i] * x${n}[i]; }
  parts[${start}u + id.x] = sum;
  return;
}`;
  });
  return shader(['*parts: f32', ...sizes.map((_, n) => `x${n}: f32`)], [LINE], branches.join('\n'));
}

/** One thread adds in four strands, which keeps rounding small without a barrier. */
function rootShader(total: number): string {
  return shader(
    ['parts: f32', '*norm: f32'],
    [1],
    `
${repeat(4, (k) => `var s${k} = 0.0;`)}
for (var i = 0u; i < ${total}u; i += 4u) {
s0 += parts[i];
${repeat(3, (k) => `if (i + ${k + 1}u < ${total}u) { s${k + 1} += parts[i + ${k + 1}u]; }`)}
}
norm[0] = sqrt((s0 + s1) + (s2 + s3));`,
  );
}
