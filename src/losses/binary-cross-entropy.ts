/**
 * Binary cross-entropy on logits, with missing labels masked and positives weighted.
 *
 * The gradient is written out rather than left to the chain rule: relu and abs have no derivative at 0, and the logits of a head that
 * starts at zero are 0.
 */
import * as tf from '@tensorflow/tfjs-core';
import { sigmoidCrossEntropy } from '../kernels/sigmoid-cross-entropy.ts';
import { onWebgpu } from '../tensors/webgpu-insides.ts';

/**
 * Mean binary cross-entropy over the observed entries, in nats.
 *
 * element = w·y·softplus(−z) + (1 − y)·softplus(z); loss = Σ observed·element / Σ observed (the weight w does not enter the
 * denominator). Labels may be soft. With nothing observed the loss is 0 and so is its gradient. Gradients flow to the logits only.
 * Source: Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.2, eq. 4.90.
 * @param logits [batch, labels], any finite values; exact for extreme ones.
 * @param labels [batch, labels] in [0, 1]; any finite number where not observed.
 * @param observed [batch, labels], 1 where the label is known, 0 where it is missing; null when all are known, which is faster.
 * @param positiveWeight [labels] > 0, the weight of positives; 1 when left out.
 * @returns a scalar.
 * @throws RangeError when shapes do not fit.
 */
export function binaryCrossEntropyWithLogits(
  logits: tf.Tensor2D,
  labels: tf.Tensor2D,
  observed: tf.Tensor2D | null,
  positiveWeight?: tf.Tensor1D,
): tf.Scalar {
  if (onWebgpu()) {
    assertFits(logits, labels, positiveWeight);
    if (observed !== null) assertSameShape('observed', observed, logits);
    const optional = { observed, positiveWeight: positiveWeight ?? null };
    return sigmoidCrossEntropy({ logits, labels, ...optional, teacher: null });
  }
  if (observed === null)
    return tf.tidy(() => tf.mean<tf.Scalar>(binaryCrossEntropyElements(logits, labels, positiveWeight)));
  assertSameShape('observed', observed, logits);
  return tf.tidy(() => {
    const elements = binaryCrossEntropyElements(logits, labels, positiveWeight);
    const count = tf.maximum(tf.sum(observed), 1);
    return tf.div<tf.Scalar>(tf.sum(tf.mul(elements, observed)), count);
  });
}

/**
 * Mean binary cross-entropy over all entries, in nats: for soft targets, which are never missing.
 * @param logits [batch, labels]
 * @param targets [batch, labels] in [0, 1]
 * @returns a scalar.
 * @throws RangeError when shapes do not fit.
 */
export function meanBinaryCrossEntropyWithLogits(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  return binaryCrossEntropyWithLogits(logits, targets, null);
}

/**
 * Binary cross-entropy of each entry, in nats: w·y·softplus(−z) + (1 − y)·softplus(z).
 * @param logits [batch, labels]
 * @param labels [batch, labels] in [0, 1]
 * @param positiveWeight [labels] > 0; 1 when left out.
 * @returns [batch, labels]
 * @throws RangeError when shapes do not fit.
 */
export function binaryCrossEntropyElements(
  logits: tf.Tensor2D,
  labels: tf.Tensor2D,
  positiveWeight?: tf.Tensor1D,
): tf.Tensor2D {
  assertFits(logits, labels, positiveWeight);
  return tf.customGrad((z, save) => {
    const logitsValue = z as tf.Tensor2D;
    const positives = positiveWeight ? tf.mul<tf.Tensor2D>(labels, positiveWeight) : labels; // w·y
    const negatives = tf.sub<tf.Tensor2D>(1, labels);
    (save as tf.GradSaveFunc)([logitsValue, positives, negatives]); // kept until the gradient has been computed
    // softplus(z) = relu(z) + log(1 + exp(−|z|)) never overflows; softplus(−z) shares its second term.
    const tail = tf.log1p(tf.exp(tf.neg(tf.abs(logitsValue))));
    const ofPositive = tf.add(tf.relu(tf.neg(logitsValue)), tail);
    const ofNegative = tf.add(tf.relu(logitsValue), tail);
    const value = tf.add<tf.Tensor2D>(tf.mul(positives, ofPositive), tf.mul(negatives, ofNegative));
    return { value, gradFunc };
  })(logits);
}

/** d element / d z = (1 − y)·p − w·y·(1 − p), p = sigmoid(z). */
function gradFunc(dy: tf.Tensor2D, saved: tf.Tensor[]): tf.Tensor2D {
  const [logits, positives, negatives] = saved as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  const probability = tf.sigmoid(logits);
  const pull = tf.mul(positives, tf.sub(1, probability));
  return tf.mul<tf.Tensor2D>(dy, tf.sub(tf.mul(negatives, probability), pull));
}

/** @throws RangeError when labels or weights do not fit the logits. */
export function assertFits(logits: tf.Tensor2D, labels: tf.Tensor2D, positiveWeight?: tf.Tensor1D): void {
  assertSameShape('labels', labels, logits);
  if (positiveWeight && positiveWeight.shape[0] !== logits.shape[1]) {
    throw new RangeError(
      `binaryCrossEntropyWithLogits: positiveWeight must have ${logits.shape[1]} entries, one a label, got ${positiveWeight.shape[0]}`,
    );
  }
}

function assertSameShape(name: string, tensor: tf.Tensor, logits: tf.Tensor): void {
  if (tensor.shape.join() !== logits.shape.join()) {
    throw new RangeError(
      `binaryCrossEntropyWithLogits: ${name} must have the logits' shape [${logits.shape.join(', ')}], got [${tensor.shape.join(', ')}]`,
    );
  }
}
