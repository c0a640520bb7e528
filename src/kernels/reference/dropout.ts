/**
 * Dropout whose mask is drawn on the device from a counter, and drawn again for the gradient instead of being kept: one dispatch each way.
 *
 *   y = x / (1 − rate) where a uniform draw is ≥ rate, else 0
 *
 * N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov, "Dropout: a simple way to prevent neural networks from
 * overfitting", JMLR 15, 2014, in its inverted form.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from '../../tensors/kernel.ts';
import { asTensor, dispatch, emptyTensor } from '../../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../../tensors/webgpu-insides.ts';
import { philox, philoxWgsl, uniformOf } from './counter-random.ts';
import { float, LINE, lineGroups, lineThread, repeat, shader } from '../wgsl.ts';

/**
 * x with some numbers dropped and the others scaled up. Differentiable once with respect to x.
 * @param rate share that is dropped, in [0, 1); 0 gives x back.
 * @param counter [4] int32: two words of the seed, the step, and which dropout of the step this is. On the device, so that every step of a
 *   captured program draws its own mask.
 * @throws RangeError when the rate is out of its range.
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, counter: tf.Tensor1D): T {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`dropout: rate must be in [0, 1), got ${rate}`);
  if (rate === 0 || x.size === 0) return x;
  return tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as tf.GradSaveFunc;
    save([counter]);
    const value = masked(args[0] as tf.Tensor, rate, counter);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor =>
      masked(dy, rate, saved[0] as tf.Tensor1D);
    return { value, gradFunc };
  })(x) as T;
}

/** Factors on the numbers 0 … count − 1: 0 or 1 / (1 − rate). */
export function dropoutFactors(count: number, rate: number, counter: ArrayLike<number>): Float32Array {
  const [low, high, step, stream] = Array.from(counter, (word) => word >>> 0) as [
    number,
    number,
    number,
    number,
  ];
  const factors = new Float32Array(count);
  const threshold = Math.fround(rate); // the device compares with the float32 nearest to the rate
  for (let block = 0; 4 * block < count; block++) {
    philox([block, step, stream, 0], [low, high]).forEach((word, lane) => {
      if (4 * block + lane < count)
        factors[4 * block + lane] = uniformOf(word) >= threshold ? 1 / (1 - rate) : 0;
    });
  }
  return factors;
}

function masked(x: tf.Tensor, rate: number, counter: tf.Tensor1D): tf.Tensor {
  if (!onWebgpu()) {
    return tf.tidy(() => {
      const factors = dropoutFactors(x.size, rate, counter.dataSync());
      // Chosen and not multiplied: what is dropped may be infinite.
      const kept = tf.cast(tf.tensor(factors, x.shape), 'bool');
      return tf.where(kept, tf.mul(x, 1 / (1 - rate)), tf.zerosLike(x));
    });
  }
  const y = emptyTensor(x.shape);
  const vectors = x.size % 4 === 0;
  const threads = Math.ceil(x.size / 4);
  const type = vectors ? 'vec4f' : 'f32';
  const kernel: Kernel = {
    key: `dropout ${x.size} ${rate}`,
    code: () => `${philoxWgsl}
${shader(
  [`x: ${type}`, `*y: ${type}`, 'counter: i32'],
  [LINE],
  `${lineThread(threads)}
let seed = vec2u(u32(counter[0]), u32(counter[1]));
let draws = uniforms(philox(vec4u(thread, u32(counter[2]), u32(counter[3]), 0u), seed));
${
  vectors
    ? `y[thread] = select(vec4f(0), x[thread] * ${float(1 / (1 - rate))}, draws >= vec4f(${float(rate)}));`
    : repeat(
        4,
        (k) => `if (4u * thread + ${k}u < ${x.size}u) {
  let at = 4u * thread + ${k}u;
  y[at] = select(0.0, x[at] * ${float(1 / (1 - rate))}, draws[${k}] >= ${float(rate)});
}`,
      )
}`,
)}`,
    integers: [2],
  };
  dispatch(kernel, [x, y, counter], lineGroups(threads));
  return asTensor(y);
}
