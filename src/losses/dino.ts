/**
 * Self-distillation without labels: the student's output for small crops must match the teacher's output for the whole film.
 *
 * M. Caron, H. Touvron, I. Misra, H. Jégou, J. Mairal, P. Bojanowski, A. Joulin, "Emerging properties in self-supervised vision
 * transformers", ICCV 2021, https://arxiv.org/abs/2104.14294, section 3.1 and algorithm 1.
 */
import * as tf from '@tensorflow/tfjs-core';
import { softTargetCrossEntropyRows } from './softmax-cross-entropy.ts';

/**
 * Mean over pairs (teacher view i, student view v ≠ i) and films of −Σ softmax((teacher − centre) / τₜ) · log softmax(student / τₛ), in nats.
 * Gradients flow to the student only.
 * @param student logits [films, outputs] of each view; the first are the teacher's views
 * @param teacher logits [films, outputs] of each view that the teacher sees
 * @param centre [outputs]
 * @param studentTemperature τₛ > 0; 0.1 in the paper
 * @param teacherTemperature τₜ as a scalar > 0; 0.04 to 0.07 in the paper
 * @returns a scalar
 * @throws RangeError unless there are two views for the student at least.
 */
export function dinoLoss(
  student: readonly tf.Tensor2D[],
  teacher: readonly tf.Tensor2D[],
  centre: tf.Tensor1D,
  studentTemperature: number,
  teacherTemperature: tf.Scalar,
): tf.Scalar {
  const pairs = student.length * teacher.length - teacher.length;
  if (pairs < 1)
    throw new RangeError(`dinoLoss: expected at least 2 views for the student, got ${student.length}`);
  return tf.tidy(() => {
    const targets = teacher.map((logits) => dinoTargets(logits, centre, teacherTemperature));
    const logits = student.map((view) => tf.mul<tf.Tensor2D>(view, 1 / studentTemperature));
    const losses = targets.flatMap((target, i) =>
      logits.filter((_, v) => v !== i).map((view) => tf.mean(softTargetCrossEntropyRows(view, target))),
    );
    // Two at a time: one sum of them all would bind more buffers than a shader may have.
    const sum = losses.reduce((a, b) => tf.add(a, b));
    return tf.mul<tf.Scalar>(sum, 1 / pairs);
  });
}

/** The teacher's output: softmax((logits − centre) / τₜ), [films, outputs]. */
export function dinoTargets(logits: tf.Tensor2D, centre: tf.Tensor1D, temperature: tf.Scalar): tf.Tensor2D {
  return tf.tidy(() => tf.softmax<tf.Tensor2D>(tf.div(tf.sub(logits, centre), temperature)));
}

/**
 * The centre after a step: m · centre + (1 − m) · mean of the teacher's logits over views and films; it keeps one output from winning always.
 * @param teacher logits [films, outputs] of each view @param momentum m in [0, 1]; 0.9 in the paper
 * @returns [outputs]
 */
export function movedCentre(
  centre: tf.Tensor1D,
  teacher: readonly tf.Tensor2D[],
  momentum: number,
): tf.Tensor1D {
  return tf.tidy(() => {
    const means = teacher.map((logits) => tf.mean(logits, 0));
    const mean = tf.mul(
      means.reduce((a, b) => tf.add(a, b)),
      1 / teacher.length,
    );
    return tf.add<tf.Tensor1D>(tf.mul(centre, momentum), tf.mul(mean, 1 - momentum));
  });
}
