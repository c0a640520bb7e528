/**
 * The AdamW update of all variables, alone in its file so that a fused kernel can take its place.
 */
import * as tf from '@tensorflow/tfjs-core';
import { adamWScalars, fusedAdamWStep } from '../../kernels/adamw.ts';
import { clippedScalars } from '../../kernels/gradient-norm.ts';
import type { AdamNumbers } from './adam-settings.ts';
import { clipFactor, type Clipping } from './clip.ts';

/** One variable with its gradient and moments, all of one shape. */
export interface AdamItem {
  readonly parameter: tf.Variable;
  readonly gradient: tf.Tensor;
  readonly firstMoment: tf.Variable;
  readonly secondMoment: tf.Variable;
  /** The largest second moment so far, which takes the second moment's place (AMSGrad). */
  readonly largestSecondMoment?: tf.Variable;
  /** False takes this variable out of weight decay. */
  readonly decay: boolean;
}

/**
 * m ← β1·m + (1 − β1)·g and v ← β2·v + (1 − β2)·g², then w ← w·(1 − learningRate·weightDecay) − s·m / (√v + ε·√c2) with
 * s = learningRate·√c2 / c1: both bias corrections cᵢ = 1 − βᵢ^t in one division a weight.
 *
 * Loshchilov and Hutter, "Decoupled weight decay regularization", 2019, https://arxiv.org/abs/1711.05101, algorithm 2, with the decay
 * scaled by the learning rate. The numbers go to the device as data: no shader is made anew for a step.
 */
export function updateAdamw(
  items: readonly AdamItem[],
  numbers: AdamNumbers,
  clipping: Clipping | null,
): void {
  if (items.every(({ largestSecondMoment }) => !largestSecondMoment)) {
    tf.tidy(() => {
      const scalars = adamWScalars({ ...numbers, clipFactor: 1 });
      fusedAdamWStep(items, clipping ? clippedScalars(scalars, clipping.norm, clipping.maxNorm) : scalars);
    });
    return;
  }
  tf.tidy(() => {
    const scalars = scalarsOf(numbers);
    const clip = clipping && clipFactor(clipping.norm, clipping.maxNorm);
    for (const item of items) updateOne(item, scalars, clip);
  });
}

function scalarsOf({ beta1, beta2, epsilon, weightDecay, learningRate, ...c }: AdamNumbers) {
  const root = Math.sqrt(c.biasCorrection2);
  return {
    beta1: tf.scalar(beta1),
    rest1: tf.scalar(1 - beta1),
    beta2: tf.scalar(beta2),
    rest2: tf.scalar(1 - beta2),
    stepSize: tf.scalar((learningRate * root) / c.biasCorrection1),
    epsilon: tf.scalar(epsilon * root),
    keep: weightDecay > 0 ? tf.scalar(1 - learningRate * weightDecay) : null,
  };
}

function updateOne(item: AdamItem, scalars: ReturnType<typeof scalarsOf>, clip: tf.Scalar | null): void {
  const { parameter, gradient, firstMoment, secondMoment, largestSecondMoment: largest } = item;
  tf.tidy(() => {
    const { beta1, rest1, beta2, rest2, stepSize, epsilon, keep } = scalars;
    const g = clip ? tf.mul(gradient, clip) : gradient;
    firstMoment.assign(tf.add(tf.mul(firstMoment, beta1), tf.mul(g, rest1)));
    secondMoment.assign(tf.add(tf.mul(secondMoment, beta2), tf.mul(tf.square(g), rest2)));
    largest?.assign(tf.maximum(largest, secondMoment));
    const change = tf.div(tf.mul(firstMoment, stepSize), tf.add(tf.sqrt(largest ?? secondMoment), epsilon));
    parameter.assign(tf.sub(item.decay && keep ? tf.mul(parameter, keep) : parameter, change));
  });
}
