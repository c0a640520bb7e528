/**
 * Gives a variable new values in its own buffer, so that a captured step may do it: one dispatch.
 */
import * as tf from '@tensorflow/tfjs-core';
import { dispatch, writable } from '../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../tensors/webgpu-insides.ts';
import { LINE, lineGroups, lineThread, shader, typeOf, widthOf } from './wgsl.ts';

/**
 * variable ← value.
 * @param value of the variable's shape, float32; not a view of the variable itself.
 * @throws RangeError when the shapes differ.
 */
export function assignInPlace(variable: tf.Variable, value: tf.Tensor): void {
  if (!tf.util.arraysEqual(variable.shape, value.shape)) {
    throw new RangeError(
      `assignInPlace: "${variable.name}" has shape [${variable.shape.join()}], its new value [${value.shape.join()}]`,
    );
  }
  if (!onWebgpu()) {
    variable.assign(tf.clone(value));
    return;
  }
  if (variable.size === 0) return;
  const width = widthOf(variable.size);
  const threads = variable.size / width;
  const code = (): string =>
    shader(
      [`value: ${typeOf(width)}`, `*variable: ${typeOf(width)}`],
      [LINE],
      `${lineThread(threads)}
variable[thread] = value[thread];`,
    );
  dispatch({ key: `assign ${variable.size}`, code }, [value, writable(variable)], lineGroups(threads));
}
