/**
 * Some rows of a tensor, exactly: TensorFlow.js's own slice on WebGPU reads int32 as float32 on the way, which changes integers above 2^24 and
 * words that hold four bytes of a film.
 */
import * as tf from '@tensorflow/tfjs-core';
import { asTensor, dispatch, emptyTensor } from '../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../tensors/webgpu-insides.ts';
import { LINE, lineGroups, lineThread, shader } from './wgsl.ts';

/**
 * Rows start … start + count − 1 of the first axis; differentiable where it is float32.
 * @throws RangeError when there are not so many rows.
 */
export function sliceRows<T extends tf.Tensor>(x: T, start: number, count: number): T {
  const [rows, ...rest] = x.shape as [number, ...number[]];
  if (!(start >= 0 && count >= 0 && start + count <= rows))
    throw new RangeError(`sliceRows: rows ${start} to ${start + count} of ${rows}`);
  if (x.dtype !== 'int32' || !onWebgpu() || x.size === 0 || count === 0) {
    return tf.slice(x, [start, ...rest.map(() => 0)], [count, ...rest]);
  }
  const width = x.size / rows;
  const result = emptyTensor([count, ...rest], 'int32');
  const kernel = {
    key: `slice rows ${[rows, start, count, width].join()}`,
    integers: [0, 1],
    code: () =>
      shader(
        ['x: i32', '*rows: i32'],
        [LINE],
        `${lineThread(count * width)}
rows[thread] = x[thread + ${start * width}u];`,
      ),
  };
  dispatch(kernel, [x, result], lineGroups(count * width));
  return asTensor(result);
}

/** The same on arrays. @param width numbers of a row. */
export function sliceRowsReference<T extends Int32Array | Float32Array>(
  x: T,
  width: number,
  start: number,
  count: number,
): T {
  return x.slice(start * width, (start + count) * width) as T;
}
