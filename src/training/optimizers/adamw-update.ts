/**
 * The AdamW update of one weight tensor, alone in its file so that one fused kernel can take its place.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { AdamStep } from './adam-scalars.ts';

/**
 * w ← keep·w − stepSize·m / (√v + ε), after m ← β1·m + (1 − β1)·g and v ← β2·v + (1 − β2)·g².
 *
 * stepSize and ε carry the bias corrections, which makes this Loshchilov and Hutter, "Decoupled weight decay regularization", 2019,
 * https://arxiv.org/abs/1711.05101, algorithm 2, with the decay scaled by the learning rate.
 * @param weight any shape; the others have the same.
 * @param keep scalar 1 − learningRate · weightDecay; null = no decay.
 * @param largestSecond running maximum of v, used in its place (AMSGrad); null = v itself.
 */
export function updateAdamw(
  weight: tf.Variable,
  gradient: tf.Tensor,
  first: tf.Variable,
  second: tf.Variable,
  step: AdamStep,
  keep: tf.Scalar | null,
  largestSecond: tf.Variable | null = null,
): void {
  tf.tidy(() => {
    const g = step.gradientScale ? tf.mul(gradient, step.gradientScale) : gradient;
    first.assign(tf.add(tf.mul(first, step.beta1), tf.mul(g, step.oneMinusBeta1)));
    second.assign(tf.add(tf.mul(second, step.beta2), tf.mul(tf.square(g), step.oneMinusBeta2)));
    largestSecond?.assign(tf.maximum(largestSecond, second));
    const scale = tf.add(tf.sqrt(largestSecond ?? second), step.epsilon);
    const change = tf.div(tf.mul(first, step.stepSize), scale);
    weight.assign(tf.sub(keep ? tf.mul(weight, keep) : weight, change));
  });
}
