/**
 * Batch normalisation on WebGPU, with the residual and the ReLU that follow it: one dispatch each way, in training and in use.
 *
 *   y = relu( (x − μ) / √(σ² + ε) · γ + β + residual ),  μ and σ² of each channel over the batch, or the running ones
 *
 * S. Ioffe, C. Szegedy, "Batch normalization", ICML 2015, https://arxiv.org/abs/1502.03167, algorithms 1 and 2. A batch whose films are
 * seen as one film with groups of one channel is a group normalisation, and runs on its kernels.
 */
import * as tf from '@tensorflow/tfjs-core';
import { runsInSoftware } from '../../tensors/backend.ts';
import { asTensor, dispatch, emptyTensor } from '../../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../../tensors/webgpu-insides.ts';
import { assignInPlace } from '../assign.ts';
import { groupNormForward, type GroupNormInputs, type RunningStatistics } from './group-norm-forward.ts';
import { groupNormBackward } from './group-norm-gradient.ts';
import type { GroupNormSizes } from './group-norm-layout.ts';
import { float, lineGroups, lineThread, LINE, shader, typeOf, widthOf } from '../wgsl.ts';

/** How to normalise, and what follows. */
export interface BatchNormOptions {
  /** True: by the batch's statistics, which also move the running ones. False: by the running ones. */
  readonly training: boolean;
  /** ε > 0 */
  readonly epsilon: number;
  /** Clamps the result at 0. */
  readonly relu?: boolean;
  /** A workgroup, not a thread, to each channel; left out: on a graphics card, but not in software. */
  readonly workgroups?: boolean;
}

/**
 * x normalised, in x's shape. Differentiable once with respect to x, gamma, beta and residual.
 * @param x [batch, …, channels]
 * @param gamma scale [channels] @param beta shift [channels]
 * @param running in training moved in place: running ← (1 − momentum) · running + momentum · (mean, unbiased variance)
 * @param residual added before the ReLU, of x's shape
 */
export function batchNorm<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  running: RunningStatistics,
  options: BatchNormOptions,
  residual?: T,
): T {
  if (!onWebgpu() || x.size === 0) return composed(x, gamma, beta, running, options, residual);
  const { training, epsilon, relu = false, workgroups = !runsInSoftware() } = options;
  const channels = x.shape.at(-1)!;
  const sizes: GroupNormSizes = {
    ...{ batch: 1, pixels: x.size / channels, channels, groups: channels },
    ...{ relu, residual: residual !== undefined, workgroups, fixed: !training },
  };
  const op = tf.customGrad((...args) => {
    const [input, scale, shift, added] = args as tf.Tensor[];
    const save = args.at(-1) as tf.GradSaveFunc;
    const inputs = { x: input!, gamma: scale!, beta: shift!, residual: residual && added, running };
    const forward = (training ? groupNormForward : apply)(inputs, sizes, epsilon);
    const [y, saved] = [asTensor(forward.y), asTensor(forward.saved)];
    save(relu ? [input!, saved, y] : [input!, saved]);
    const gradFunc = (dy: tf.Tensor, kept: tf.Tensor[]): tf.Tensor[] => groupNormBackward(dy, kept, sizes);
    return { value: y, gradFunc };
  });
  return (residual ? op(x, gamma, beta, residual) : op(x, gamma, beta)) as T;
}

/** y by the definition, in double precision, with the batch's mean and biased variance; x is [pixels of all films, channels]. */
export function batchNormReference(
  x: Float32Array,
  gamma: Float32Array,
  beta: Float32Array,
  epsilon: number,
): { y: Float32Array; mean: Float64Array; variance: Float64Array } {
  const channels = gamma.length;
  const pixels = x.length / channels;
  const [mean, variance] = [new Float64Array(channels), new Float64Array(channels)];
  x.forEach((value, i) => (mean[i % channels]! += value / pixels));
  x.forEach((value, i) => (variance[i % channels]! += (value - mean[i % channels]!) ** 2 / pixels));
  const y = x.map((value, i) => {
    const c = i % channels;
    return ((value - mean[c]!) / Math.sqrt(variance[c]! + epsilon)) * gamma[c]! + beta[c]!;
  });
  return { y, mean, variance };
}

/** y by the running statistics, and for the gradient: they, as mean and 1/√(variance + ε), then gamma. */
function apply(
  { x, gamma, beta, residual, running }: GroupNormInputs,
  sizes: GroupNormSizes,
  epsilon: number,
): { y: tf.TensorInfo; saved: tf.TensorInfo } {
  const { pixels, channels, relu } = sizes;
  const [y, saved] = [emptyTensor(x.shape), emptyTensor([3 * channels])];
  const width = widthOf(channels);
  const [vectors, type] = [channels / width, typeOf(width)];
  const names = ['x', 'gamma', 'beta', 'mean', 'variance', '*y', '*saved', ...(residual ? ['residual'] : [])];
  const code = (): string =>
    shader(
      names.map((name) => `${name}: ${type}`),
      [LINE],
      `${lineThread(pixels * vectors)}
let c = thread % ${vectors}u;
let scale = 1.0 / sqrt(variance[c] + ${float(epsilon)});
let v = (x[thread] - mean[c]) * (scale * gamma[c]) + beta[c]${residual ? ' + residual[thread]' : ''};
y[thread] = ${relu ? `select(v, ${type}(0), v < ${type}(0))` : 'v'};
if (thread < ${vectors}u) {
  saved[c] = mean[c];
  saved[c + ${vectors}u] = scale;
  saved[c + ${2 * vectors}u] = gamma[c];
}`,
    );
  dispatch(
    { key: `batchNorm apply ${epsilon} ${JSON.stringify(sizes)}`, code },
    [x, gamma, beta, running!.mean, running!.variance, y, saved, ...(residual ? [residual] : [])],
    lineGroups(pixels * vectors),
  );
  return { y, saved };
}

/** The same on TensorFlow.js operations, for other backends. */
function composed<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  running: RunningStatistics,
  { training, epsilon, relu }: BatchNormOptions,
  residual?: T,
): T {
  return tf.tidy(() => {
    const axes = x.shape.slice(0, -1).map((_, axis) => axis);
    const mean = training ? tf.mean(x, axes) : running.mean;
    const variance = training ? tf.mean(tf.square(tf.sub(x, mean)), axes) : running.variance;
    if (training) {
      const count = x.size / gamma.size;
      moveTowards(running.mean, mean, running.momentum);
      moveTowards(running.variance, tf.mul(variance, count / Math.max(count - 1, 1)), running.momentum);
    }
    const scale = tf.mul(tf.rsqrt(tf.add(variance, epsilon)), gamma);
    const scaled = tf.add(tf.mul(tf.sub(x, mean), scale), beta);
    const sum = residual ? tf.add(scaled, residual) : scaled;
    return (relu ? tf.relu(sum) : sum) as T;
  });
}

function moveTowards(running: tf.Variable, now: tf.Tensor, momentum: number): void {
  assignInPlace(running, tf.add(tf.mul(running, 1 - momentum), tf.mul(now, momentum)));
}
