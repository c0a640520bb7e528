/**
 * The baseline: films and labels.
 */
import { binaryCrossEntropyWithLogits } from '../../losses/binary-cross-entropy.ts';
import { methodInputs } from './inputs.ts';
import type { Method } from './method.ts';

/** Image in, label out; weighted binary cross-entropy. */
export const imageOnly: Method = {
  label: 'Image only',
  paper: 'Supervised learning; the baseline of every comparison.',
  ...methodInputs.imageOnly,
  loss: ({ logits, labels, positiveWeight }) =>
    binaryCrossEntropyWithLogits(logits, labels, null, positiveWeight),
};
