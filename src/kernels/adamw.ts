/**
 * One step of AdamW on WebGPU: weights and both moments are written in place, several variables a dispatch.
 *
 *   g ← clipFactor · g;  m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²
 *   θ ← θ − learningRate · weightDecay · θ;  θ ← θ − learningRate · (m / c₁) / (√(v / c₂) + ε),  cᵢ = 1 − βᵢᵗ
 *
 * I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", ICLR 2019, https://arxiv.org/abs/1711.05101, algorithm 2, with the
 * order of PyTorch's torch.optim.AdamW. All that changes from step to step lies in a tensor of eight scalars, so no shader is made anew.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from '../tensors/kernel.ts';
import { bufferLimit, dispatch, writable } from '../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../tensors/webgpu-insides.ts';
import { LINE, lineGroups, shader } from './wgsl.ts';

/** The step's scalars. */
export interface AdamWScalars {
  readonly learningRate: number;
  /** Per unit of learning rate; 0 for biases and normalisation. */
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** 1 − β₁ᵗ at step t = 1, 2, … */
  readonly biasCorrection1: number;
  /** 1 − β₂ᵗ */
  readonly biasCorrection2: number;
  /** Factor on every gradient, 1 for none. */
  readonly clipFactor: number;
}

/** One variable with its gradient and moments, all of one shape. */
export interface AdamWItem {
  readonly parameter: tf.Variable;
  readonly gradient: tf.Tensor;
  readonly firstMoment: tf.Variable;
  readonly secondMoment: tf.Variable;
  /** False takes this variable out of weight decay. */
  readonly decay: boolean;
}

/** The scalars as the tensor [8] that `fusedAdamW` reads. */
export function adamWScalars(s: AdamWScalars): tf.Tensor1D {
  return tf.tensor1d(adamWNumbers(s));
}

/** The scalars in the order in which `fusedAdamW` reads them. */
export function adamWNumbers(s: AdamWScalars): Float32Array {
  return Float32Array.of(
    ...[s.learningRate, s.weightDecay, s.beta1, s.beta2],
    ...[s.epsilon, s.biasCorrection1, s.biasCorrection2, s.clipFactor],
  );
}

/** The step on arrays, in place. */
export function fusedAdamWReference(
  parameter: Float32Array,
  gradient: Float32Array,
  firstMoment: Float32Array,
  secondMoment: Float32Array,
  s: AdamWScalars,
): void {
  for (let i = 0; i < parameter.length; i++) {
    const g = s.clipFactor * gradient[i]!;
    const m = s.beta1 * firstMoment[i]! + (1 - s.beta1) * g;
    const v = s.beta2 * secondMoment[i]! + (1 - s.beta2) * g * g;
    const decayed = parameter[i]! * (1 - s.learningRate * s.weightDecay);
    firstMoment[i] = m;
    secondMoment[i] = v;
    parameter[i] =
      decayed - (s.learningRate * (m / s.biasCorrection1)) / (Math.sqrt(v / s.biasCorrection2) + s.epsilon);
  }
}

/**
 * Takes one step for one variable, in place. @param scalars from `adamWScalars`.
 * @throws RangeError when the shapes differ.
 */
export function fusedAdamW(
  parameter: tf.Variable,
  gradient: tf.Tensor,
  firstMoment: tf.Variable,
  secondMoment: tf.Variable,
  scalars: tf.Tensor1D,
): void {
  fusedAdamWStep([{ parameter, gradient, firstMoment, secondMoment, decay: true }], scalars);
}

/**
 * Takes one step for all variables, in place, in as few dispatches as the device's buffer bindings allow (four variables in one where
 * it has 17). On other backends than webgpu the same arithmetic runs on TensorFlow.js operations.
 * @param scalars from `adamWScalars` or `clippedScalars`; the tensor [8].
 * @throws RangeError when an item's shapes differ.
 */
export function fusedAdamWStep(items: readonly AdamWItem[], scalars: tf.Tensor1D): void {
  items.forEach(checkShapes);
  const full = items.filter((item) => item.parameter.size > 0);
  if (!onWebgpu()) {
    full.forEach((item) => composedStep(item, scalars));
    return;
  }
  const perDispatch = Math.max(1, Math.floor((bufferLimit() - 1) / 4));
  for (let i = 0; i < full.length; i += perDispatch) stepTogether(full.slice(i, i + perDispatch), scalars);
}

function checkShapes({ parameter, gradient, firstMoment, secondMoment }: AdamWItem): void {
  for (const other of [gradient, firstMoment, secondMoment]) {
    if (!tf.util.arraysEqual(other.shape, parameter.shape)) {
      throw new RangeError(
        `fusedAdamW: "${parameter.name}" has shape [${parameter.shape.join()}], but its gradient or a moment has [${other.shape.join()}]`,
      );
    }
  }
}

function stepTogether(items: readonly AdamWItem[], scalars: tf.Tensor1D): void {
  const parts = items.map(({ parameter, decay }) => ({ size: parameter.size, decay }));
  const buffers = items.flatMap(({ parameter, firstMoment, secondMoment, gradient }) => [
    ...[parameter, firstMoment, secondMoment].map(writable),
    gradient,
  ]);
  const groups = parts.reduce((sum, { size }) => sum + Math.ceil(size / LINE), 0);
  const kernel: Kernel = { key: `adamW ${JSON.stringify(parts)}`, code: () => stepShader(parts) };
  dispatch(kernel, [scalars, ...buffers], lineGroups(groups * LINE));
}

/** Each variable gets whole workgroups, one after another, so that a workgroup never straddles two. */
function stepShader(parts: readonly { readonly size: number; readonly decay: boolean }[]): string {
  let first = 0;
  const branches = parts.map(({ size, decay }, n) => {
    const start = first;
    first += Math.ceil(size / LINE) * LINE;
    return `if (thread < ${first}u) {
  let i = thread - ${start}u;
  if (i >= ${size}u) { return; }
  let g = clip * g${n}[i];
  let m = beta1 * m${n}[i] + (1.0 - beta1) * g;
  let v = beta2 * v${n}[i] + (1.0 - beta2) * g * g;
  m${n}[i] = m;
  v${n}[i] = v;
  let p = ${decay ? `p${n}[i] * (1.0 - rate * scalars[1])` : `p${n}[i]`};
  p${n}[i] = p - rate * (m / scalars[5]) / (sqrt(v / scalars[6]) + scalars[4]);
  return;
}`;
  });
  const across = lineGroups(first)[0] * LINE;
  return shader(
    ['scalars: f32', ...parts.flatMap((_, n) => [`*p${n}: f32`, `*m${n}: f32`, `*v${n}: f32`, `g${n}: f32`])],
    [LINE],
    `
let thread = id.x + id.y * ${across}u;
let rate = scalars[0];
let beta1 = scalars[2];
let beta2 = scalars[3];
let clip = scalars[7];
${branches.join('\n')}`,
  );
}

function composedStep(item: AdamWItem, scalars: tf.Tensor1D): void {
  tf.tidy(() => {
    const scalar = (index: number): tf.Scalar => tf.reshape(tf.slice1d(scalars, index, 1), []);
    const [rate, weightDecay, beta1, beta2] = [scalar(0), scalar(1), scalar(2), scalar(3)];
    const [epsilon, c1, c2, clip] = [scalar(4), scalar(5), scalar(6), scalar(7)];
    const { parameter, firstMoment, secondMoment, decay } = item;
    const g = tf.mul(clip, item.gradient);
    const m = tf.add(tf.mul(beta1, firstMoment), tf.mul(tf.sub(1, beta1), g));
    const v = tf.add(tf.mul(beta2, secondMoment), tf.mul(tf.sub(1, beta2), tf.square(g)));
    const p = decay ? tf.mul(parameter, tf.sub(1, tf.mul(rate, weightDecay))) : parameter;
    const step = tf.div(tf.mul(rate, tf.div(m, c1)), tf.add(tf.sqrt(tf.div(v, c2)), epsilon));
    firstMoment.assign(m);
    secondMoment.assign(v);
    parameter.assign(tf.sub(p, step));
  });
}
