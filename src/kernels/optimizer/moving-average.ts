/**
 * Exponential moving averages of many variables in place, several a dispatch: average ← decay · average + (1 − decay) · value.
 *
 * A. Tarvainen, H. Valpola, "Mean teachers are better role models", 2017, https://arxiv.org/abs/1703.01780, equation 2.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from '../../tensors/kernel.ts';
import { bufferLimit, dispatch, writable } from '../../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../../tensors/webgpu-insides.ts';
import { assignInPlace } from '../assign.ts';
import { jobGroups, jobs, LINE, shader, typeOf, widthOf } from '../wgsl.ts';

/** An average and what it follows, of one shape. */
export interface Followed {
  readonly average: tf.Variable;
  readonly value: tf.Tensor;
}

/** One step of the average on arrays, in double precision. */
export function movingAverageReference(
  average: Float32Array,
  value: Float32Array,
  decay: number,
): Float32Array {
  return average.map((a, i) => decay * a + (1 - decay) * value[i]!);
}

/** Moves all averages. @param decay scalar in [0, 1], on the device so that it may change from step to step. */
export function moveAverages(followed: readonly Followed[], decay: tf.Scalar): void {
  const full = followed.filter(({ average }) => average.size > 0);
  if (!onWebgpu()) {
    tf.tidy(() => {
      for (const { average, value } of full) {
        assignInPlace(average, tf.add(tf.mul(average, decay), tf.mul(value, tf.sub(1, decay))));
      }
    });
    return;
  }
  const atOnce = Math.floor((bufferLimit() - 1) / 2);
  for (let at = 0; at < full.length; at += atOnce) {
    const some = full.slice(at, at + atOnce);
    const sizes = some.map(({ average }) => average.size);
    const kernel: Kernel = { key: `moving average ${sizes.join()}`, code: () => averageShader(sizes) };
    const buffers = some.flatMap(({ average, value }) => [writable(average), value]);
    dispatch(kernel, [decay, ...buffers], jobGroups(vectorsOf(sizes)));
  }
}

/** Threads of each variable: one a vector of four, or one a number where four do not fit. */
function vectorsOf(sizes: readonly number[]): number[] {
  return sizes.map((size) => size / widthOf(size));
}

function averageShader(sizes: readonly number[]): string {
  const types = sizes.map((size) => typeOf(widthOf(size)));
  return shader(
    ['decay: f32', ...types.flatMap((type, n) => [`*average${n}: ${type}`, `value${n}: ${type}`])],
    [LINE],
    jobs(
      vectorsOf(sizes),
      (n) => `average${n}[thread] = decay[0] * average${n}[thread] + (1.0 - decay[0]) * value${n}[thread];`,
    ),
  );
}
