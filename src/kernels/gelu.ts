/**
 * The Gaussian error linear unit in its exact form on WebGPU, one dispatch each way.
 *
 *   GELU(x) = x · Φ(x),  GELU′(x) = Φ(x) + x · φ(x),  with Φ and φ the standard normal distribution function and density
 *
 * D. Hendrycks, K. Gimpel, "Gaussian Error Linear Units", 2016, https://arxiv.org/abs/1606.08415, section 2.
 */
import * as tf from '@tensorflow/tfjs-core';
import { asTensor, dispatch, emptyTensor } from '../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../tensors/webgpu-insides.ts';
import { lineGroups, lineThread, LINE, shader, typeOf, widthOf } from './wgsl.ts';

const inverseRootTwoPi = 1 / Math.sqrt(2 * Math.PI);

/** x · Φ(x), element by element; differentiable once. Any shape. */
export function gelu<T extends tf.Tensor>(x: T): T {
  const op = tf.customGrad((...args) => {
    const [input, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc];
    save([input]);
    return {
      value: geluOf(input),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => timesGeluGradient(dy, saved[0]!),
    };
  });
  return op(x) as T;
}

/** dy ⊙ GELU′(x): what the gradient of GELU at x does to dy. */
export function timesGeluGradient(dy: tf.Tensor, x: tf.Tensor): tf.Tensor {
  if (!onWebgpu() || x.size === 0) {
    return tf.tidy(() => {
      const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), inverseRootTwoPi);
      return tf.mul(dy, tf.add(distribution(x), tf.mul(x, density)));
    });
  }
  return elementwise('gelu gradient', [dy, x], ['dy', 'x'], 'dy[thread] * geluGradient(x[thread])');
}

function geluOf(x: tf.Tensor): tf.Tensor {
  if (!onWebgpu() || x.size === 0) return tf.tidy(() => tf.mul(x, distribution(x)));
  return elementwise('gelu', [x], ['x'], 'gelu(x[thread])');
}

/** Φ(x). */
function distribution(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
}

function elementwise(name: string, inputs: tf.Tensor[], names: string[], value: string): tf.Tensor {
  const { shape, size } = inputs[0]!;
  const width = widthOf(size);
  const type = typeOf(width);
  const y = emptyTensor(shape);
  const kernel = {
    key: `${name} ${size}`,
    code: () =>
      geluFunctions(type) +
      shader(
        [...names.map((buffer) => `${buffer}: ${type}`), `*y: ${type}`],
        [LINE],
        `${lineThread(size / width)}\ny[thread] = ${value};`,
      ),
  };
  dispatch(kernel, [...inputs, y], lineGroups(size / width));
  return asTensor(y);
}

/**
 * WGSL functions gelu(x) and geluGradient(x) on f32 or vec4f.
 *
 * Φ(−|x|) = ½ (a₁t + … + a₅t⁵) e^(−x²/2), t = 1 / (1 + p |x| / √2), to 7.5e-8: M. Abramowitz, I. Stegun, "Handbook of Mathematical
 * Functions", 1964, 7.1.26. The other half is 1 − Φ(−|x|), so that small values keep their digits; φ comes from the same exponential.
 */
export function geluFunctions(type: 'f32' | 'vec4f'): string {
  return `
fn lowerTail(x: ${type}, bell: ${type}) -> ${type} {
  let t = 1.0 / (1.0 + ${0.3275911 * Math.SQRT1_2}f * abs(x));
  let tail = ((((0.5307027145f * t - 0.7265760135f) * t + 0.7107068705f) * t - 0.142248368f) * t + 0.127414796f) * t;
  return tail * bell;
}
fn gelu(x: ${type}) -> ${type} {
  let tail = lowerTail(x, exp(-0.5 * x * x));
  return x * select(1.0 - tail, tail, x < ${type}(0));
}
fn geluGradient(x: ${type}) -> ${type} {
  let bell = exp(-0.5 * x * x);
  let tail = lowerTail(x, bell);
  return fma(x * ${inverseRootTwoPi}f, bell, select(1.0 - tail, tail, x < ${type}(0)));
}
`;
}

/** GELU(x) and GELU′(x) in double precision, from a series for erf that converges everywhere that matters (|x| ≤ 8). */
export function geluReference(x: number): { readonly value: number; readonly gradient: number } {
  // Φ(x) = ½ + φ(x) (x + x³/3 + x⁵/(3·5) + …): Abramowitz and Stegun, 26.2.11.
  const density = inverseRootTwoPi * Math.exp((-x * x) / 2);
  let term = x;
  let sum = x;
  for (let n = 3; n < 400; n += 2) sum += term *= (x * x) / n;
  const phi = Math.abs(x) > 8 ? (x > 0 ? 1 : 0) : 0.5 + density * sum;
  return { value: x * phi, gradient: phi + x * density };
}
