/**
 * Softmax cross-entropy for exclusive classes, with class weights, label smoothing and rows without a label.
 */
import * as tf from '@tensorflow/tfjs-core';
import { softmaxCrossEntropyOfRows } from '../kernels/softmax-cross-entropy.ts';
import { onWebgpu } from '../tensors/webgpu-insides.ts';

/** How targets are weighed; each may be left out. */
export interface SoftmaxCrossEntropyOptions {
  /** [classes] > 0: weight of each class. The mean is then divided by the summed weights of the targets, not by their number. */
  readonly classWeight?: tf.Tensor1D;
  /** ε in [0, 1): targets become (1 − ε)·onehot + ε / classes. Szegedy et al. 2016, https://arxiv.org/abs/1512.00567, section 7. */
  readonly labelSmoothing?: number;
  /** Label of rows to leave out of numerator and denominator. */
  readonly ignoreIndex?: number;
}

/**
 * Mean softmax cross-entropy over the labelled rows, in nats: −Σ_c w_c·t_c·log softmax(z)_c, divided by Σ w_label.
 *
 * With no labelled row the loss is 0 and so is its gradient. Gradients flow to the logits only.
 * Source: Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.4, eq. 4.108.
 * @param logits [batch, classes], any finite values.
 * @param labels [batch] int32, class numbers from 0, or `ignoreIndex`.
 * @returns a scalar.
 * @throws RangeError when shapes or options do not fit.
 */
export function softmaxCrossEntropy(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  options: SoftmaxCrossEntropyOptions = {},
): tf.Scalar {
  return tf.tidy(() => {
    const rows = softmaxCrossEntropyRows(logits, labels, options);
    const { classWeight, ignoreIndex } = options;
    if (!classWeight && ignoreIndex === undefined) return tf.mean<tf.Scalar>(rows);
    const labelled = labelledMask(labels, ignoreIndex);
    const weights = classWeight
      ? tf.sum(tf.mul(oneHotLabels(labels, logits.shape[1], labelled), classWeight), 1)
      : labelled;
    const total = tf.sum(weights);
    return tf.div<tf.Scalar>(tf.sum(rows), tf.where(tf.greater(total, 0), total, tf.onesLike(total)));
  });
}

/**
 * Softmax cross-entropy of each row, in nats; 0 for rows without a label.
 * @param logits [batch, classes]
 * @param labels [batch] int32
 * @returns [batch]
 * @throws RangeError when shapes or options do not fit.
 */
export function softmaxCrossEntropyRows(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  options: SoftmaxCrossEntropyOptions = {},
): tf.Tensor1D {
  const { classWeight, labelSmoothing = 0, ignoreIndex } = options;
  assertOptions(logits, labels, classWeight, labelSmoothing);
  if (onWebgpu()) {
    const weights = { classWeight: classWeight ?? null, ignoreIndex: ignoreIndex ?? null };
    return softmaxCrossEntropyOfRows(logits, { labels, labelSmoothing, ...weights });
  }
  return tf.tidy(() => {
    const classes = logits.shape[1];
    const labelled = labelledMask(labels, ignoreIndex);
    let targets = oneHotLabels(labels, classes, labelled);
    if (labelSmoothing > 0) {
      const smooth = tf.mul(tf.expandDims(labelled, 1), labelSmoothing / classes);
      targets = tf.add<tf.Tensor2D>(tf.mul(targets, 1 - labelSmoothing), smooth);
    }
    if (classWeight) targets = tf.mul<tf.Tensor2D>(targets, classWeight);
    return crossEntropyRows(logits, targets);
  });
}

/**
 * Mean softmax cross-entropy to soft targets over all rows, in nats: −Σ_c t_c·log softmax(z)_c.
 * @param logits [batch, classes]
 * @param targets [batch, classes], probabilities; each row sums to 1.
 * @returns a scalar.
 * @throws RangeError when shapes do not fit.
 */
export function softmaxCrossEntropyWithSoftTargets(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => tf.mean<tf.Scalar>(softTargetCrossEntropyRows(logits, targets)));
}

/**
 * Softmax cross-entropy of each row to soft targets, in nats.
 * @param logits [batch, classes]
 * @param targets [batch, classes]
 * @returns [batch]
 * @throws RangeError when shapes do not fit.
 */
export function softTargetCrossEntropyRows(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor1D {
  if (targets.shape.join() !== logits.shape.join()) {
    throw new RangeError(
      `softmaxCrossEntropy: soft targets must have the logits' shape [${logits.shape.join(', ')}], got [${targets.shape.join(', ')}]`,
    );
  }
  if (onWebgpu()) return softmaxCrossEntropyOfRows(logits, { soft: targets });
  return tf.tidy(() => crossEntropyRows(logits, targets));
}

/** −Σ_c t_c·log softmax(z)_c of each row, [batch, classes] → [batch]; its slope in z is softmax(z)·Σ_c t_c − t, targets held fixed. */
function crossEntropyRows(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor1D {
  return tf.customGrad((z, save) => {
    const logSoftmax = tf.logSoftmax(z as tf.Tensor2D, 1);
    (save as tf.GradSaveFunc)([logSoftmax, targets]); // kept until the gradient has been computed
    const value = tf.neg(tf.sum<tf.Tensor1D>(tf.mul(targets, logSoftmax), 1));
    const gradFunc = (dy: tf.Tensor1D, saved: tf.Tensor[]): tf.Tensor2D => {
      const [logProbabilities, fixedTargets] = saved as [tf.Tensor2D, tf.Tensor2D];
      const mass = tf.sum(fixedTargets, 1, true);
      const slope = tf.sub(tf.mul(tf.exp(logProbabilities), mass), fixedTargets);
      return tf.mul<tf.Tensor2D>(slope, tf.expandDims(dy, 1));
    };
    return { value, gradFunc };
  })(logits);
}

/** 1 for rows with a label, 0 for the others. [batch] */
function labelledMask(labels: tf.Tensor1D, ignoreIndex: number | undefined): tf.Tensor1D {
  if (ignoreIndex === undefined) return tf.ones([labels.shape[0]]);
  return tf.cast(tf.notEqual(labels, tf.scalar(ignoreIndex, 'int32')), 'float32');
}

/** One-hot rows; all zeros for rows without a label, whatever number stands there. [batch, classes] */
function oneHotLabels(labels: tf.Tensor1D, classes: number, labelled: tf.Tensor1D): tf.Tensor2D {
  const known = tf.mul<tf.Tensor1D>(labels, tf.cast(labelled, 'int32'));
  const oneHot = tf.cast(tf.oneHot(known, classes), 'float32') as tf.Tensor2D;
  return tf.mul<tf.Tensor2D>(oneHot, tf.expandDims(labelled, 1));
}

function assertOptions(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  classWeight: tf.Tensor1D | undefined,
  labelSmoothing: number,
): void {
  const [batch, classes] = logits.shape;
  if (labels.shape[0] !== batch) {
    throw new RangeError(
      `softmaxCrossEntropy: expected ${batch} labels, one a row of logits, got ${labels.shape[0]}`,
    );
  }
  if (classWeight && classWeight.shape[0] !== classes) {
    throw new RangeError(
      `softmaxCrossEntropy: classWeight must have ${classes} entries, one a class, got ${classWeight.shape[0]}`,
    );
  }
  if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
    throw new RangeError(`softmaxCrossEntropy: labelSmoothing must be in [0, 1), got ${labelSmoothing}`);
  }
}
