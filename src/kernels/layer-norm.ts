/**
 * Layer normalisation over the last axis on WebGPU: one dispatch forward, three back, one thread a row and no barrier.
 *
 *   y = (x − μ) / √(σ² + ε) · γ + β,  μ and σ² of each row
 *
 * J. Ba, J. Kiros, G. Hinton, "Layer normalization", 2016, https://arxiv.org/abs/1607.06450, equations 3 and 4 of section 3.
 */
import * as tf from '@tensorflow/tfjs-core';
import { asTensor, dispatch, emptyTensor, release } from '../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../tensors/webgpu-insides.ts';
import { float, laneSum, lineGroups, lineThread, LINE, shader, splitsFor, typeOf, widthOf } from './wgsl.ts';

/** Threads that the column sums are split among. */
const ENOUGH_THREADS = 512;

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
    const [y, statistics] = forward(input!, scale!, shift!, rows, features, epsilon);
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
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  rows: number,
  features: number,
  epsilon: number,
): tf.Tensor[] {
  const [y, statistics] = [emptyTensor(x.shape), emptyTensor([rows, 2])];
  const kernel = {
    key: `layerNorm ${[rows, features, epsilon].join()}`,
    code: () => forwardShader(rows, features, epsilon),
  };
  dispatch(kernel, [x, gamma, beta, y, statistics], lineGroups(rows));
  return [asTensor(y), asTensor(statistics)];
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

/** Gradients with respect to x, gamma, beta. */
function backward(dy: tf.Tensor, saved: readonly tf.Tensor[], rows: number, features: number): tf.Tensor[] {
  const [x, gamma, statistics] = saved;
  const sizes = [rows, features].join();
  const vectors = features / widthOf(features);
  const dx = emptyTensor(x!.shape);
  dispatch(
    { key: `layerNorm gradient ${sizes}`, code: () => inputShader(rows, features) },
    [dy, x!, gamma!, statistics!, dx],
    lineGroups(rows),
  );
  const splits = splitsFor(vectors, ENOUGH_THREADS, rows, 8);
  const parts = emptyTensor([splits, 2, features]);
  dispatch(
    { key: `layerNorm columns ${sizes}`, code: () => columnShader(rows, features, splits) },
    [dy, x!, statistics!, parts],
    lineGroups(splits * vectors),
  );
  const [dGamma, dBeta] = [emptyTensor([features]), emptyTensor([features])];
  dispatch(
    { key: `layerNorm column sums ${features},${splits}`, code: () => columnSumShader(features, splits) },
    [parts, dGamma, dBeta],
    lineGroups(features),
  );
  release(parts);
  return [dx, dGamma, dBeta].map((info) => asTensor(info));
}

/** dL/dx = (g − mean(g) − x̂·mean(g·x̂)) / σ with g = γ·dL/dy, a row a thread. */
function inputShader(rows: number, features: number): string {
  const width = widthOf(features);
  const [vectors, type] = [features / width, typeOf(width)];
  return shader(
    [`dy: ${type}`, `x: ${type}`, `gamma: ${type}`, 'statistics: f32', `*dx: ${type}`],
    [LINE],
    `${lineThread(rows)}
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
  dx[row + i] = scale * (dy[row + i] * gamma[i] - meanSum - normal * meanProduct);
}`,
  );
}

/** Parts of dL/dγ = Σ dy·x̂ and dL/dβ = Σ dy over stretches of rows. */
function columnShader(rows: number, features: number, splits: number): string {
  const width = widthOf(features);
  const [vectors, type] = [features / width, typeOf(width)];
  const stretch = Math.ceil(rows / splits);
  return shader(
    [`dy: ${type}`, `x: ${type}`, 'statistics: f32', `*parts: ${type}`],
    [LINE],
    `${lineThread(splits * vectors)}
let c = thread % ${vectors}u;
let part = thread / ${vectors}u;
var sum = ${type}(0);
var product = ${type}(0);
for (var r = part * ${stretch}u; r < min((part + 1u) * ${stretch}u, ${rows}u); r++) {
  let d = dy[r * ${vectors}u + c];
  sum += d;
  product += d * ((x[r * ${vectors}u + c] - statistics[2u * r]) * statistics[2u * r + 1u]);
}
parts[part * ${2 * vectors}u + c] = product;
parts[part * ${2 * vectors}u + ${vectors}u + c] = sum;`,
  );
}

function columnSumShader(features: number, splits: number): string {
  return shader(
    ['parts: f32', '*dGamma: f32', '*dBeta: f32'],
    [LINE],
    `${lineThread(features)}
var sum = 0.0;
var product = 0.0;
for (var k = 0u; k < ${splits}u; k++) {
  product += parts[k * ${2 * features}u + thread];
  sum += parts[k * ${2 * features}u + ${features}u + thread];
}
dGamma[thread] = product;
dBeta[thread] = sum;`,
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
