/**
 * Generalized distillation: a student learns from labels and from the softened output of a teacher that saw privileged information.
 *
 * Source: Lopez-Paz, Bottou, Schölkopf, Vapnik, "Unifying distillation and privileged information", 2016,
 * https://arxiv.org/abs/1511.03643, eq. 4; the other variant is Hinton, Vinyals, Dean, "Distilling the knowledge in a neural network",
 * 2015, https://arxiv.org/abs/1503.02531, section 2.
 */
import * as tf from '@tensorflow/tfjs-core';
import { sigmoidCrossEntropy } from '../kernels/sigmoid-cross-entropy.ts';
import { onWebgpu } from '../tensors/webgpu-insides.ts';
import {
  assertFits,
  binaryCrossEntropyWithLogits,
  meanBinaryCrossEntropyWithLogits,
} from './binary-cross-entropy.ts';
import {
  softmaxCrossEntropy,
  softmaxCrossEntropyWithSoftTargets,
  type SoftmaxCrossEntropyOptions,
} from './softmax-cross-entropy.ts';

/**
 * lopezPaz: the student stays at temperature 1 (the lab's objective). hinton: student and teacher are both softened and the soft term
 * is multiplied by τ².
 */
export type DistillationVariant = 'lopezPaz' | 'hinton';

/** Weight and temperature of the teacher. */
export interface DistillationOptions {
  /** λ in [0, 1]: the share of the teacher. At 0 the loss is the plain one, by the very same operations. */
  readonly lambda: number;
  /** τ > 0: divides the teacher's logits before the sigmoid or softmax. */
  readonly temperature: number;
  /** 'lopezPaz' when left out. */
  readonly variant?: DistillationVariant;
}

/**
 * (1 − λ)·BCE(student, labels) + λ·BCE(student, sigmoid(teacher / τ)), in nats.
 *
 * The hard term is the mean over observed labels and may weigh positives. The soft term is the mean over all entries (the teacher has an
 * output where the label is missing too) without class weights: the teacher learned on the weighted scale already. No gradient flows to the
 * teacher.
 * @param studentLogits [batch, labels]
 * @param labels [batch, labels] in [0, 1]; any finite number where not observed.
 * @param observed [batch, labels], 0 or 1; null when all labels are known.
 * @param teacherLogits [batch, labels]
 * @param positiveWeight [labels] > 0, of the hard term only.
 * @returns a scalar.
 * @throws RangeError unless λ is in [0, 1] and τ > 0, and when shapes do not fit.
 */
export function sigmoidDistillationLoss(
  studentLogits: tf.Tensor2D,
  labels: tf.Tensor2D,
  observed: tf.Tensor2D | null,
  teacherLogits: tf.Tensor2D,
  options: DistillationOptions,
  positiveWeight?: tf.Tensor1D,
): tf.Scalar {
  assertOptions(options);
  if (onWebgpu() && options.lambda > 0) {
    assertFits(studentLogits, labels, positiveWeight);
    const { lambda, temperature, variant } = options;
    return tf.tidy(() =>
      sigmoidCrossEntropy({
        logits: studentLogits,
        labels,
        observed,
        positiveWeight: positiveWeight ?? null,
        teacher: {
          logits: teacherLogits,
          mixture: tf.tensor1d([lambda, temperature]),
          softensStudent: variant === 'hinton',
        },
      }),
    );
  }
  return blend(
    options,
    () => binaryCrossEntropyWithLogits(studentLogits, labels, observed, positiveWeight),
    (soften) =>
      meanBinaryCrossEntropyWithLogits(
        soften(studentLogits),
        softenedProbabilities(teacherLogits, options.temperature),
      ),
  );
}

/**
 * (1 − λ)·CE(student, labels) + λ·CE(student, softmax(teacher / τ)), in nats, for exclusive classes.
 *
 * Class weights, smoothing and ignored rows belong to the hard term; the soft term is the mean over all rows. No gradient flows to
 * the teacher.
 * @param studentLogits [batch, classes]
 * @param labels [batch] int32
 * @param teacherLogits [batch, classes]
 * @returns a scalar.
 * @throws RangeError unless λ is in [0, 1] and τ > 0, and when shapes do not fit.
 */
export function softmaxDistillationLoss(
  studentLogits: tf.Tensor2D,
  labels: tf.Tensor1D,
  teacherLogits: tf.Tensor2D,
  options: DistillationOptions,
  hardOptions: SoftmaxCrossEntropyOptions = {},
): tf.Scalar {
  assertOptions(options);
  return blend(
    options,
    () => softmaxCrossEntropy(studentLogits, labels, hardOptions),
    (soften) =>
      softmaxCrossEntropyWithSoftTargets(
        soften(studentLogits),
        softenedClassProbabilities(teacherLogits, options.temperature),
      ),
  );
}

/**
 * The teacher's softened probability of each label: sigmoid(logits / τ).
 * @param logits [batch, labels]
 * @returns [batch, labels] in [0, 1]
 * @throws RangeError unless τ > 0.
 */
export function softenedProbabilities(logits: tf.Tensor2D, temperature: number): tf.Tensor2D {
  assertTemperature(temperature);
  return tf.tidy(() => tf.sigmoid(tf.div<tf.Tensor2D>(logits, temperature)));
}

/**
 * The teacher's softened class probabilities: softmax(logits / τ).
 * @param logits [batch, classes]
 * @returns [batch, classes]; each row sums to 1.
 * @throws RangeError unless τ > 0.
 */
export function softenedClassProbabilities(logits: tf.Tensor2D, temperature: number): tf.Tensor2D {
  assertTemperature(temperature);
  return tf.tidy(() => tf.softmax(tf.div<tf.Tensor2D>(logits, temperature)));
}

/** A term with no share is not computed at all, so that λ = 0 is the plain loss to the last bit, and no faster path can differ. */
function blend(
  { lambda, temperature, variant = 'lopezPaz' }: DistillationOptions,
  hard: () => tf.Scalar,
  soft: (soften: (studentLogits: tf.Tensor2D) => tf.Tensor2D) => tf.Scalar,
): tf.Scalar {
  if (lambda === 0) return hard();
  return tf.tidy(() => {
    const softens = variant === 'hinton' && temperature !== 1;
    const softTerm = soft((logits) => (softens ? tf.div<tf.Tensor2D>(logits, temperature) : logits));
    const share = softens ? lambda * temperature ** 2 : lambda;
    const weighted = tf.mul<tf.Scalar>(softTerm, share);
    return lambda === 1 ? weighted : tf.add<tf.Scalar>(tf.mul(hard(), 1 - lambda), weighted);
  });
}

function assertOptions({ lambda, temperature }: DistillationOptions): void {
  if (!(lambda >= 0 && lambda <= 1)) {
    throw new RangeError(`distillationLoss: lambda must be in [0, 1], got ${lambda}`);
  }
  assertTemperature(temperature);
}

function assertTemperature(temperature: number): void {
  if (!(temperature > 0 && temperature < Infinity)) {
    throw new RangeError(`distillationLoss: temperature must be > 0, got ${temperature}`);
  }
}
