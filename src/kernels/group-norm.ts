/**
 * Group normalisation on WebGPU, with the residual and the ReLU that follow it in a residual block: three dispatches each way.
 *
 *   y = relu( (x − μ) / √(σ² + ε) · γ + β + residual ),  μ and σ² over the pixels and channels of each group of each film
 *
 * Y. Wu, K. He, "Group normalization", ECCV 2018, https://arxiv.org/abs/1803.08494, equations 1 to 5.
 * The variance is added around a value of its own stretch and combined after T. Chan, G. Golub, R. LeVeque (1979), so that a mean far
 * from zero costs no digits.
 */
import * as tf from '@tensorflow/tfjs-core';
import { asTensor, dispatch, emptyTensor, release } from '../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../tensors/webgpu-insides.ts';
import { groupNormBackward, type GroupNormSizes } from './group-norm-gradient.ts';
import {
  evenShare,
  float,
  lineGroups,
  lineThread,
  LINE,
  shader,
  splitsFor,
  typeOf,
  widthOf,
} from './wgsl.ts';

/** What may follow and how it is grouped. */
export interface GroupNormOptions {
  /** Groups of channels; divides the channels. */
  readonly groups: number;
  /** ε > 0, 1e-5 unless given. */
  readonly epsilon?: number;
  /** Clamps the result at 0. */
  readonly relu?: boolean;
}

const ENOUGH_THREADS = 1024;

/**
 * x normalised, in x's shape. Differentiable once with respect to x, gamma, beta and residual.
 * @param x [batch, …, channels]
 * @param gamma scale [channels] @param beta shift [channels]
 * @param residual added before the ReLU, of x's shape
 * @throws RangeError when groups does not divide the channels
 */
export function groupNorm<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  options: GroupNormOptions,
  residual?: T,
): T {
  const { groups, epsilon = 1e-5, relu = false } = options;
  const channels = x.shape.at(-1)!;
  if (channels % groups !== 0) {
    throw new RangeError(`groupNorm: ${groups} groups do not divide ${channels} channels`);
  }
  if (!onWebgpu() || x.size === 0) return composed(x, gamma, beta, groups, epsilon, relu, residual);
  const sizes = sizesOf(x, groups, relu, residual !== undefined);
  const op = tf.customGrad((...args) => {
    const [input, scale, shift, added] = args as tf.Tensor[];
    const save = args.at(-1) as tf.GradSaveFunc;
    const statistics = asTensor(statisticsOf(input!, sizes, epsilon));
    const y = asTensor(apply(input!, statistics, scale!, shift!, residual ? added : undefined, sizes));
    save(relu ? [input!, scale!, statistics, y] : [input!, scale!, statistics]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => groupNormBackward(dy, saved, sizes);
    return { value: y, gradFunc };
  });
  return (residual ? op(x, gamma, beta, residual) : op(x, gamma, beta)) as T;
}

/** y by the definition, in double precision; x is [batch, pixels, channels]. */
export function groupNormReference(
  x: Float32Array,
  gamma: Float32Array,
  beta: Float32Array,
  sizes: Pick<GroupNormSizes, 'batch' | 'pixels' | 'channels' | 'groups' | 'relu'>,
  epsilon = 1e-5,
  residual?: Float32Array,
): Float32Array {
  const { batch, pixels, channels, groups } = sizes;
  const width = channels / groups;
  const y = new Float32Array(x.length);
  for (let b = 0; b < batch; b++) {
    for (let g = 0; g < groups; g++) {
      const places = Array.from(
        { length: pixels * width },
        (_, i) => (b * pixels + Math.floor(i / width)) * channels + g * width + (i % width),
      );
      const mean = places.reduce((sum, at) => sum + x[at]!, 0) / places.length;
      const variance = places.reduce((sum, at) => sum + (x[at]! - mean) ** 2, 0) / places.length;
      for (const at of places) {
        const normal = (x[at]! - mean) / Math.sqrt(variance + epsilon);
        const value = normal * gamma[at % channels]! + beta[at % channels]! + (residual ? residual[at]! : 0);
        y[at] = sizes.relu && value < 0 ? 0 : value;
      }
    }
  }
  return y;
}

function sizesOf(x: tf.Tensor, groups: number, relu: boolean, residual: boolean): GroupNormSizes {
  const channels = x.shape.at(-1)!;
  const batch = x.shape[0];
  const pixels = x.size / batch / channels;
  const wanted = splitsFor(batch * (channels / widthOf(channels)), ENOUGH_THREADS, pixels, 16);
  const stretch = evenShare(pixels, Math.ceil(pixels / wanted));
  return { batch, pixels, channels, groups, stretch, stretches: Math.ceil(pixels / stretch), relu, residual };
}

/** [batch, 2, channels]: each channel's group mean, then 1/√(variance + ε). */
function statisticsOf(x: tf.TensorInfo, sizes: GroupNormSizes, epsilon: number): tf.TensorInfo {
  const { batch, channels, groups, stretches } = sizes;
  const parts = emptyTensor([batch, stretches, 2, channels]);
  const key = JSON.stringify(sizes);
  dispatch(
    { key: `groupNorm stretches ${key}`, code: () => stretchShader(sizes) },
    [x, parts],
    lineGroups(batch * stretches * (channels / widthOf(channels))),
  );
  const statistics = emptyTensor([batch, 2, channels]);
  dispatch(
    { key: `groupNorm statistics ${epsilon} ${key}`, code: () => statisticsShader(sizes, epsilon) },
    [parts, statistics],
    lineGroups(batch * groups),
  );
  release(parts);
  return statistics;
}

/** Mean and summed squared deviation of each channel over each stretch of pixels. */
function stretchShader({ batch, pixels, channels, stretch, stretches }: GroupNormSizes): string {
  const width = widthOf(channels);
  const vectors = channels / width;
  return shader(
    [`x: ${typeOf(width)}`, `*parts: ${typeOf(width)}`],
    [LINE],
    `${lineThread(batch * stretches * vectors)}
let c = thread % ${vectors}u;
let part = thread / ${vectors}u;
let first = (part % ${stretches}u) * ${stretch}u;
let end = min(first + ${stretch}u, ${pixels}u);
let film = (part / ${stretches}u) * ${pixels}u;
let pivot = x[(film + first) * ${vectors}u + c];
var sum = ${typeOf(width)}(0);
var squares = ${typeOf(width)}(0);
for (var i = first; i < end; i++) {
  let d = x[(film + i) * ${vectors}u + c] - pivot;
  sum += d;
  squares += d * d;
}
let mean = sum / f32(end - first);
parts[part * ${2 * vectors}u + c] = pivot + mean;
parts[part * ${2 * vectors}u + ${vectors}u + c] = squares - sum * mean;`,
  );
}

function statisticsShader(sizes: GroupNormSizes, epsilon: number): string {
  const { batch, pixels, channels, groups, stretch, stretches } = sizes;
  const width = channels / groups;
  const eachPart = (body: string): string => `for (var k = 0u; k < ${stretches}u; k++) {
  let n = f32(min(${stretch}u, ${pixels}u - k * ${stretch}u));
  let at = (b * ${stretches}u + k) * ${2 * channels}u + first;
  for (var c = at; c < at + ${width}u; c++) { ${body} }
}`;
  return shader(
    ['parts: f32', '*statistics: f32'],
    [LINE],
    `${lineThread(batch * groups)}
let b = thread / ${groups}u;
let first = (thread % ${groups}u) * ${width}u;
var mean = 0.0;
${eachPart('mean += n * parts[c];')}
mean /= ${float(pixels * width)};
var squares = 0.0;
${eachPart(`let d = parts[c] - mean; squares += parts[c + ${channels}u] + n * d * d;`)}
let scale = 1.0 / sqrt(squares / ${float(pixels * width)} + ${float(epsilon)});
for (var c = first; c < first + ${width}u; c++) {
  statistics[b * ${2 * channels}u + c] = mean;
  statistics[b * ${2 * channels}u + ${channels}u + c] = scale;
}`,
  );
}

function apply(
  x: tf.TensorInfo,
  statistics: tf.TensorInfo,
  gamma: tf.TensorInfo,
  beta: tf.TensorInfo,
  residual: tf.TensorInfo | undefined,
  sizes: GroupNormSizes,
): tf.TensorInfo {
  const y = emptyTensor(x.shape);
  const width = widthOf(sizes.channels);
  const vectors = sizes.channels / width;
  const threads = sizes.batch * sizes.pixels * vectors;
  const type = typeOf(width);
  const code = (): string =>
    shader(
      [
        ...['x', 'statistics', 'gamma', 'beta'].map((name) => `${name}: ${type}`),
        ...[`*y: ${type}`, ...(residual ? [`residual: ${type}`] : [])],
      ],
      [LINE],
      `${lineThread(threads)}
let c = thread % ${vectors}u;
let s = (thread / ${sizes.pixels * vectors}u) * ${2 * vectors}u + c;
var v = (x[thread] - statistics[s]) * (statistics[s + ${vectors}u] * gamma[c]) + beta[c];
${residual ? 'v += residual[thread];' : ''}
y[thread] = ${sizes.relu ? `select(v, ${type}(0), v < ${type}(0))` : 'v'};`,
    );
  const buffers = [x, statistics, gamma, beta, y, ...(residual ? [residual] : [])];
  dispatch({ key: `groupNorm apply ${JSON.stringify(sizes)}`, code }, buffers, lineGroups(threads));
  return y;
}

/** The same on TensorFlow.js operations, for other backends. */
function composed<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  groups: number,
  epsilon: number,
  relu: boolean,
  residual?: T,
): T {
  return tf.tidy(() => {
    const channels = x.shape.at(-1)!;
    const batch = x.shape[0];
    const pixels = x.shape.slice(1, -1).reduce((product, length) => product * length, 1);
    const grouped = tf.reshape(x, [batch, pixels, groups, channels / groups]);
    const centred = tf.sub(grouped, tf.mean(grouped, [1, 3], true));
    const variance = tf.mean(tf.square(centred), [1, 3], true);
    const normal = tf.reshape(tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon))), x.shape);
    const scaled = tf.add(tf.mul(normal, gamma), beta);
    const sum = residual ? tf.add(scaled, residual) : scaled;
    return (relu ? tf.relu(sum) : sum) as T;
  });
}
