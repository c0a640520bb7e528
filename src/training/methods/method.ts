/**
 * What a fine-tuning method is: which inputs its model sees, and which loss it minimizes.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { MethodInputs } from './inputs.ts';

/** What the loss of one batch is computed from. */
export interface LossInput {
  /** [batch, 1] */
  readonly logits: tf.Tensor2D;
  /** [batch, 1], 0 or 1; rows without the label are not trained on. */
  readonly labels: tf.Tensor2D;
  /** [batch, 1], the teacher's logits; null when nobody teaches. */
  readonly teacherLogits: tf.Tensor2D | null;
  /** [1], the weight of positives in the hard loss. */
  readonly positiveWeight: tf.Tensor1D;
  readonly lambda: number | null;
  readonly temperature: number | null;
}

/** One method; a new one is one file and one registry line. */
export interface Method extends MethodInputs {
  readonly label: string;
  readonly paper: string;
  /** Mean loss over the batch, in nats. */
  loss(input: LossInput): tf.Scalar;
}
