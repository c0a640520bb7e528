/** What the kernel tests share: is there a GPU, values on two backends, and how far they are apart. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { Random } from '../../src/random/random.ts';

/** True when the browser gives a WebGPU adapter; tests of kernels are skipped, with a word, where it gives none. */
export async function hasWebgpu(): Promise<boolean> {
  return 'gpu' in navigator && (await navigator.gpu.requestAdapter()) !== null;
}

/** Normal draws, the same for the same seed and shape. */
export function draws(shape: readonly number[], seed: number | string = 1): Float32Array {
  const random = new Random(`${seed}/${shape.join('x')}`);
  return Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => random.normal());
}

/** The values of the tensors that `compute` gives on a backend. */
export async function on(backend: 'cpu' | 'webgpu', compute: () => tf.Tensor[]): Promise<Float32Array[]> {
  const former = tf.getBackend();
  await tf.setBackend(backend);
  const results = tf.tidy(compute);
  const values = await Promise.all(results.map((result) => result.data<'float32'>()));
  tf.dispose(results);
  await tf.setBackend(former);
  return values;
}

/** The value of f at the inputs and its gradients (weighted by fixed draws, so that no gradient is trivially the same everywhere). */
export function valueAndGradients(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: readonly (readonly [values: Float32Array, shape: readonly number[]])[],
): () => tf.Tensor[] {
  return () => {
    const tensors = inputs.map(([values, shape]) => tf.tensor(values, [...shape]));
    const value = f(...tensors);
    const weights = tf.tensor(draws(value.shape, 'dy'), value.shape);
    return [value, ...tf.grads((...x: tf.Tensor[]) => f(...x))(tensors, weights)];
  };
}

/** Largest |got − wanted| over the largest finite |wanted|; Infinity where one is NaN or infinite and the other is not the same. */
export function difference(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (got.length !== wanted.length) return Infinity;
  let largest = 1e-30;
  let worst = 0;
  for (let i = 0; i < wanted.length; i++) {
    const [a, b] = [got[i]!, wanted[i]!];
    if (Number.isFinite(b)) largest = Math.max(largest, Math.abs(b));
    if (Object.is(a, b) || a === b) continue;
    worst = Math.max(worst, Number.isFinite(a) && Number.isFinite(b) ? Math.abs(a - b) : Infinity);
  }
  return worst / largest;
}
