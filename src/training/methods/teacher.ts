/**
 * The teacher: image and report, late fusion by concatenation of embeddings and an MLP head.
 */
import { binaryCrossEntropyWithLogits } from '../../losses/binary-cross-entropy.ts';
import { methodInputs } from './inputs.ts';
import type { Method } from './method.ts';

/** Image and report in, label out; weighted binary cross-entropy. */
export const teacher: Method = {
  label: 'Image + report',
  paper:
    'Bergström, Yue, Johansson, "When are radiology reports useful for training medical image classifiers?", arXiv 2510.24385 (2025).',
  ...methodInputs.teacher,
  loss: ({ logits, labels, positiveWeight }) =>
    binaryCrossEntropyWithLogits(logits, labels, null, positiveWeight),
};
