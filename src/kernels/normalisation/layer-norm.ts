/**
 * Layer normalisation over the last axis on WebGPU: one dispatch each way (and sums of parts), one thread per row and no barrier.
 *
 *   y = (x − μ) / √(σ² + ε) · γ + β,  μ and σ² of each row
 *
 * J. Ba, J. Kiros, G. Hinton, "Layer normalization", 2016, https://arxiv.org/abs/1607.06450, equations 3 and 4 of section 3.
 */
import * as tf from '@tensorflow/tfjs-core';
import { runsInSoftware } from '../../tensors/backend.ts';
import type { Kernel } from '../../tensors/kernel.ts';
import { asTensor, dispatch, emptyTensor, release } from '../../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../../tensors/webgpu-insides.ts';
import { sumSplits } from '../reduce.ts';
import {
  float,
  inLines,
  laneSum,
  LINE,
  lineGroups,
  lineThread,
  shader,
  splitsFor,
  typeOf,
  widthOf,
} from '../wgsl.ts';

/**
 * x with each row of its last axis normalised, in x's shape. Differentiable once with respect to x, gamma and beta.
 * @param x [..., features] @param gamma scale [features] @param beta shift [features] @param epsilon > 0
 */
export function layerNorm<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  epsilon = 1e-5,
): T {
  if (!onWebgpu() || x.size === 0) return composed(x, gamma, beta, epsilon);
  const features = x.shape.at(-1)!;
  const rows = x.size / features;
  const op = tf.customGrad((...args) => {
    const [input, scale, shift] = args as tf.Tensor[];
    const save = args.at(-1) as tf.GradSaveFunc;
    const [y, statistics] = forward(input!, scale!, shift!, rows, features, epsilon).map((info) =>
      asTensor(info),
    );
    save([input!, scale!, statistics!]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => backward(dy, saved, rows, features);
    return { value: y!, gradFunc };
  });
  return op(x, gamma, beta) as T;
}

/** y by the definition, in double precision; x is [rows, features]. */
export function layerNormReference(
  x: Float32Array,
  gamma: Float32Array,
  beta: Float32Array,
  epsilon = 1e-5,
): Float32Array {
  const features = gamma.length;
  const y = new Float32Array(x.length);
  for (let start = 0; start < x.length; start += features) {
    const row = [...x.subarray(start, start + features)];
    const mean = row.reduce((sum, value) => sum + value, 0) / features;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / features;
    row.forEach((value, i) => {
      y[start + i] = ((value - mean) / Math.sqrt(variance + epsilon)) * gamma[i]! + beta[i]!;
    });
  }
  return y;
}

/** y, and the statistics [rows, 2]: mean, 1/√(variance + ε). */
function forward(
  x: tf.TensorInfo,
  gamma: tf.TensorInfo,
  beta: tf.TensorInfo,
  rows: number,
  features: number,
  epsilon: number,
): tf.TensorInfo[] {
  const [y, statistics] = [emptyTensor(x.shape), emptyTensor([rows, 2])];
  const kernel = {
    key: `layerNorm ${[rows, features, epsilon].join()}`,
    code: () => forwardShader(rows, features, epsilon),
  };
  dispatch(kernel, [x, gamma, beta, y, statistics], lineGroups(rows));
  return [y, statistics];
}

function forwardShader(rows: number, features: number, epsilon: number): string {
  const width = widthOf(features);
  const [vectors, type] = [features / width, typeOf(width)];
  return shader(
    [`x: ${type}`, `gamma: ${type}`, `beta: ${type}`, `*y: ${type}`, '*statistics: f32'],
    [LINE],
    `${lineThread(rows)}
let row = thread * ${vectors}u;
var sum = ${type}(0);
for (var i = 0u; i < ${vectors}u; i++) { sum += x[row + i]; }
let mean = ${laneSum('sum', width)} / ${float(features)};
var squares = ${type}(0);
for (var i = 0u; i < ${vectors}u; i++) { let d = x[row + i] - mean; squares += d * d; }
let scale = 1.0 / sqrt(${laneSum('squares', width)} / ${float(features)} + ${float(epsilon)});
for (var i = 0u; i < ${vectors}u; i++) { y[row + i] = (x[row + i] - mean) * scale * gamma[i] + beta[i]; }
statistics[2u * thread] = mean;
statistics[2u * thread + 1u] = scale;`,
  );
}

/**
 * x with each row normalised, and x itself for the residual branch that goes around: on the way back the two gradients of x are added by
 * the dispatch that computes one of them. Differentiable once with respect to x, gamma and beta.
 * @param x [..., features] @param gamma scale [features] @param beta shift [features] @param epsilon > 0
 */
export function layerNormWithSkip<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  epsilon = 1e-5,
): readonly [normal: T, skip: T] {
  if (!onWebgpu() || x.size === 0) return [composed(x, gamma, beta, epsilon), x];
  registerWithSkip();
  // In TensorFlow.js only registered kernels may have several outputs and a gradient.
  const [normal, skip, statistics] = tf
    .engine()
    .runKernel<tf.Tensor[]>(WITH_SKIP, { x, gamma, beta }, { epsilon });
  statistics!.dispose(); // The engine keeps what the gradient needs by itself.
  return [normal as T, skip as T];
}

const WITH_SKIP = 'LayerNormWithSkip';

function registerWithSkip(): void {
  if (tf.getKernel(WITH_SKIP, 'webgpu')) return;
  tf.registerKernel({
    kernelName: WITH_SKIP,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { x, gamma, beta } = inputs as unknown as Record<'x' | 'gamma' | 'beta', tf.TensorInfo>;
      const features = x.shape.at(-1)!;
      const { epsilon } = attrs as { epsilon: number };
      const rows = tf.util.sizeFromShape(x.shape) / features;
      const [y, statistics] = forward(x, gamma, beta, rows, features, epsilon);
      (backend as tf.KernelBackend).incRef(x.dataId);
      return [y!, { dataId: x.dataId, shape: x.shape, dtype: x.dtype }, statistics!];
    },
  });
  tf.registerGradient({
    kernelName: WITH_SKIP,
    inputsToSave: ['x', 'gamma'],
    outputsToSave: [false, false, true],
    gradFunc: (dys, saved) => {
      const [dy, dSkip] = dys as tf.Tensor[];
      const features = saved[0]!.shape.at(-1)!;
      const [x, gamma, beta] = backward(dy!, saved, saved[0]!.size / features, features, dSkip);
      return { x: () => x!, gamma: () => gamma!, beta: () => beta! };
    },
  });
}

/** Gradients with respect to x (with that of a branch around it added), gamma, beta. */
function backward(
  dy: tf.Tensor,
  saved: readonly tf.Tensor[],
  rows: number,
  features: number,
  dSkip?: tf.Tensor,
): tf.Tensor[] {
  const [x, gamma, statistics] = saved;
  const vectors = features / widthOf(features);
  const splits = splitsFor(vectors, runsInSoftware() ? 64 : 2048, rows, 8);
  const dx = emptyTensor(x!.shape);
  const parts = ['gamma', 'beta'].map(() => emptyTensor(splits > 1 ? [splits, features] : [features]));
  const sizes: GradientSizes = { rows, features, splits, skip: dSkip !== undefined };
  const kernel: Kernel = {
    key: `layerNorm gradient ${JSON.stringify(sizes)}`,
    code: () => gradientShader(sizes),
  };
  const buffers = [dy, x!, gamma!, statistics!, ...(dSkip ? [dSkip] : []), dx, ...parts];
  dispatch(kernel, buffers, lineGroups(inLines(rows) + splits * vectors));
  const sums = parts.map((part) => {
    if (splits === 1) return asTensor(part);
    const sum = sumSplits(part, splits, [features]);
    release(part);
    return asTensor(sum);
  });
  return [asTensor(dx), ...sums];
}

interface GradientSizes {
  readonly rows: number;
  readonly features: number;
  /** Stretches of rows over which the gradients of gamma and beta are summed by themselves. */
  readonly splits: number;
  readonly skip: boolean;
}

/**
 * Two kinds of threads, in workgroups of their own:
 * a row each, dL/dx = (g − mean(g) − x̂·mean(g·x̂)) / σ with g = γ·dL/dy;
 * a vector of columns each, dL/dγ = Σ dy·x̂ and dL/dβ = Σ dy over a stretch of rows.
 */
function gradientShader({ rows, features, splits, skip }: GradientSizes): string {
  const width = widthOf(features);
  const [vectors, type] = [features / width, typeOf(width)];
  const stretch = Math.ceil(rows / splits);
  return shader(
    [
      ...[`dy: ${type}`, `x: ${type}`, `gamma: ${type}`, 'statistics: f32'],
      ...(skip ? [`dSkip: ${type}`] : []),
      ...[`*dx: ${type}`, `*dGamma: ${type}`, `*dBeta: ${type}`],
    ],
    [LINE],
    `${lineThread(inLines(rows) + splits * vectors)}
if (thread >= ${inLines(rows)}u) {
  let c = (thread - ${inLines(rows)}u) % ${vectors}u;
  let part = (thread - ${inLines(rows)}u) / ${vectors}u;
  var sum = ${type}(0);
  var product = ${type}(0);
  for (var r = part * ${stretch}u; r < min((part + 1u) * ${stretch}u, ${rows}u); r++) {
    let d = dy[r * ${vectors}u + c];
    sum += d;
    product += d * ((x[r * ${vectors}u + c] - statistics[2u * r]) * statistics[2u * r + 1u]);
  }
  dGamma[part * ${vectors}u + c] = product;
  dBeta[part * ${vectors}u + c] = sum;
  return;
}
if (thread >= ${rows}u) { return; }
let row = thread * ${vectors}u;
let mean = statistics[2u * thread];
let scale = statistics[2u * thread + 1u];
var sum = ${type}(0);
var product = ${type}(0);
for (var i = 0u; i < ${vectors}u; i++) {
  let g = dy[row + i] * gamma[i];
  sum += g;
  product += g * ((x[row + i] - mean) * scale);
}
let meanSum = ${laneSum('sum', width)} / ${float(features)};
let meanProduct = ${laneSum('product', width)} / ${float(features)};
for (var i = 0u; i < ${vectors}u; i++) {
  let normal = (x[row + i] - mean) * scale;
  dx[row + i] = scale * (dy[row + i] * gamma[i] - meanSum - normal * meanProduct)${skip ? ' + dSkip[row + i]' : ''};
}`,
  );
}

/** The same on TensorFlow.js operations, for other backends. */
function composed<T extends tf.Tensor>(x: T, gamma: tf.Tensor1D, beta: tf.Tensor1D, epsilon: number): T {
  return tf.tidy(() => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const variance = tf.mean(tf.square(centred), -1, true);
    return tf.add<T>(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon))), gamma), beta);
  });
}
