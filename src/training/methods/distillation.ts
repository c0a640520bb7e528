/**
 * The student: image only, taught by labels and by a teacher's softened output.
 */
import { sigmoidDistillationLoss } from '../../losses/distillation.ts';
import { methodInputs } from './inputs.ts';
import type { Method } from './method.ts';

/** (1 − λ) · L(f, Y) + λ · L(f, g^τ); with λ = 0 the image-only method to the last bit. */
export const distillation: Method = {
  label: 'Distilled student',
  paper:
    'Lopez-Paz, Bottou, Schölkopf, Vapnik, "Unifying distillation and privileged information", arXiv 1511.03643 (2016).',
  ...methodInputs.distillation,
  loss: ({ logits, labels, teacherLogits, positiveWeight, lambda, temperature }) => {
    if (teacherLogits === null || lambda === null || temperature === null) {
      throw new TypeError('distillation: a teacher, λ and τ are needed');
    }
    const options = { lambda, temperature };
    return sigmoidDistillationLoss(logits, labels, null, teacherLogits, options, positiveWeight);
  },
};
