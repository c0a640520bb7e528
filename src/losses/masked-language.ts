/**
 * Masked language modelling: predicts the tokens that were replaced by masks.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { softmaxCrossEntropy } from './softmax-cross-entropy.ts';

/** The label of places that are not asked for, as in PyTorch and transformers. */
export const notAsked = -100;

/**
 * Mean cross-entropy over the places that are asked for, in nats; 0 when there is none.
 *
 * J. Devlin, M.-W. Chang, K. Lee, K. Toutanova, "BERT", 2018, https://arxiv.org/abs/1810.04805, section 3.1, task 1.
 * @param logits [places, vocabulary]
 * @param labels [places] int32: the token's id, or `notAsked`
 * @returns a scalar
 */
export function maskedLanguageLoss(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  return softmaxCrossEntropy(logits, labels, { ignoreIndex: notAsked });
}
