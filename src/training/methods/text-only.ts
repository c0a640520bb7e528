/**
 * The text-only probe: how well is the label represented in the report?
 */
import { binaryCrossEntropyWithLogits } from '../../losses/binary-cross-entropy.ts';
import { methodInputs } from './inputs.ts';
import type { Method } from './method.ts';

/** Report in, label out; weighted binary cross-entropy. */
export const textOnly: Method = {
  label: 'Report only',
  paper:
    'Bergström, Yue, Johansson, "When are radiology reports useful for training medical image classifiers?", arXiv 2510.24385 (2025).',
  ...methodInputs.textOnly,
  loss: ({ logits, labels, positiveWeight }) =>
    binaryCrossEntropyWithLogits(logits, labels, null, positiveWeight),
};
