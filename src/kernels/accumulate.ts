/**
 * Weighted sums of many tensors at once, as the gradients of a batch that goes through in parts need them: few dispatches, in place.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from '../tensors/kernel.ts';
import { asTensor, bufferLimit, dispatch, emptyTensor } from '../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../tensors/webgpu-insides.ts';
import { float, jobGroups, jobs, LINE, shader, typeOf, widthOf } from './wgsl.ts';

/** One tensor per place; undefined where there is none. */
export type Places = readonly (tf.Tensor | undefined)[];

/** sum + share · addend on arrays. @param sum null for the first addend. */
export function accumulateReference(
  sum: Float32Array | null,
  addend: Float32Array,
  share: number,
): Float32Array {
  return addend.map((value, i) => (sum?.[i] ?? 0) + share * value);
}

/**
 * sums + share · addends, place by place: half as many tensors a dispatch as the device binds buffers.
 * @param sums what an earlier call returned and nobody has read; they are used up. Null at the first call, which makes new tensors.
 * @param addends float32; at each call in the same places, of the same shapes.
 * @param share the same number at each run of a captured step.
 * @returns the new sums, those of the last call where it could be.
 * @throws RangeError when a sum and its addend do not fit.
 */
export function accumulate(sums: Places | null, addends: Places, share: number): Places {
  if (sums) assertFit(sums, addends);
  if (!onWebgpu()) {
    return addends.map((addend, i) => {
      if (!addend) return undefined;
      return tf.tidy(() => {
        const part = tf.mul(addend, share);
        return sums?.[i] ? tf.add(sums[i], part) : part;
      });
    });
  }
  const results = sums ?? addends.map((addend) => addend && roomFor(addend));
  const pairs = results.flatMap((sum, i) => (sum && sum.size > 0 ? [{ sum, addend: addends[i]! }] : []));
  const atOnce = Math.floor(bufferLimit() / 2);
  for (let i = 0; i < pairs.length; i += atOnce) {
    const some = pairs.slice(i, i + atOnce);
    addTogether(some, share, sums === null);
  }
  return results;
}

/** Nothing is dispatched for an empty tensor, and a tensor that no kernel has filled cannot be read. */
function roomFor({ shape, size }: tf.Tensor): tf.Tensor {
  return size > 0 ? asTensor(emptyTensor(shape)) : tf.zeros(shape);
}

function assertFit(sums: Places, addends: Places): void {
  const misfit = addends.findIndex((addend, i) => {
    const sum = sums[i];
    return !addend || !sum ? addend !== sum : !tf.util.arraysEqual(addend.shape, sum.shape);
  });
  if (misfit < 0 && sums.length === addends.length) return;
  const at = misfit < 0 ? addends.length : misfit;
  const [sum, addend] = [sums, addends].map((places) => places[at] && `[${places[at].shape.join()}]`);
  throw new RangeError(`accumulate: sum ${at} is ${sum ?? 'missing'}, its addend ${addend ?? 'missing'}`);
}

interface Pair {
  readonly sum: tf.Tensor;
  readonly addend: tf.Tensor;
}

function addTogether(pairs: readonly Pair[], share: number, first: boolean): void {
  const sizes = pairs.map(({ sum }) => sum.size);
  const kernel: Kernel = {
    key: `accumulate ${first} ${share} ${sizes.join()}`,
    code: () => accumulateShader(sizes, share, first),
  };
  const buffers = pairs.flatMap(({ sum, addend }) => [sum, addend]);
  dispatch(kernel, buffers, jobGroups(vectorsOf(sizes)));
}

/** Threads of each tensor: one a vector of four, or one a number where four do not fit. */
function vectorsOf(sizes: readonly number[]): number[] {
  return sizes.map((size) => size / widthOf(size));
}

function accumulateShader(sizes: readonly number[], share: number, first: boolean): string {
  const types = sizes.map((size) => typeOf(widthOf(size)));
  return shader(
    types.flatMap((type, n) => [`*sum${n}: ${type}`, `addend${n}: ${type}`]),
    [LINE],
    jobs(vectorsOf(sizes), (n) => {
      const sum = first ? '' : `sum${n}[thread] + `;
      return `sum${n}[thread] = ${sum}${float(share)} * addend${n}[thread];`;
    }),
  );
}
