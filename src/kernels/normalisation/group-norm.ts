/**
 * Group normalisation on WebGPU, with the residual and the ReLU that follow it in a residual block: one dispatch each way.
 *
 *   y = relu( (x − μ) / √(σ² + ε) · γ + β + residual ),  μ and σ² over the pixels and channels of each group of each film
 *
 * Y. Wu, K. He, "Group normalization", ECCV 2018, https://arxiv.org/abs/1803.08494, equations 1 to 5.
 */
import * as tf from '@tensorflow/tfjs-core';
import { runsInSoftware } from '../../tensors/backend.ts';
import { asTensor } from '../../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../../tensors/webgpu-insides.ts';
import { groupNormForward } from './group-norm-forward.ts';
import { groupNormBackward } from './group-norm-gradient.ts';
import type { GroupNormSizes } from './group-norm-layout.ts';

/** What may follow and how it is grouped. */
export interface GroupNormOptions {
  /** Groups of channels; divides the channels. */
  readonly groups: number;
  /** ε > 0, 1e-5 unless given. */
  readonly epsilon?: number;
  /** Clamps the result at 0. */
  readonly relu?: boolean;
  /** A workgroup, not a thread, to each group of a film; left out: on a graphics card, but not in software. */
  readonly workgroups?: boolean;
}

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
  const batch = x.shape[0];
  const { workgroups = !runsInSoftware() } = options;
  const sizes: GroupNormSizes = {
    ...{ batch, pixels: x.size / batch / channels, channels, groups, relu },
    ...{ residual: residual !== undefined, workgroups },
  };
  const op = tf.customGrad((...args) => {
    const [input, scale, shift, added] = args as tf.Tensor[];
    const save = args.at(-1) as tf.GradSaveFunc;
    const inputs = { x: input!, gamma: scale!, beta: shift!, residual: residual && added };
    const forward = groupNormForward(inputs, sizes, epsilon);
    const [y, saved] = [asTensor(forward.y), asTensor(forward.saved)];
    save(relu ? [input!, saved, y] : [input!, saved]);
    const gradFunc = (dy: tf.Tensor, kept: tf.Tensor[]): tf.Tensor[] => groupNormBackward(dy, kept, sizes);
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
