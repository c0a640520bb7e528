/**
 * SigLIP: decides for each film and each report in the batch whether they belong together. Temperature and bias are learned.
 *
 * X. Zhai, B. Mustafa, A. Kolesnikov, L. Beyer, "Sigmoid loss for language image pre-training", 2023, https://arxiv.org/abs/2303.15343.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { sigLip } from '../losses/contrastive.ts';
import { completeSettings } from '../models/field.ts';
import { constant } from '../models/layers/initializers.ts';
import { buildAlignment } from './alignment.ts';
import { outputsField, temperatureField } from './fields.ts';
import type { Objective } from './objective.ts';
import { objectiveFacts } from './objective-facts.ts';

const fields = [
  outputsField(64, 'As for CLIP.'),
  temperatureField(0.1, 'Where the paper begins; it is learned from there.'),
  {
    name: 'bias',
    label: 'First bias of the logits',
    unit: 'logits',
    low: -20,
    high: 0,
    step: 0.5,
    value: -10,
    why: 'The paper’s: nearly every pair does not belong together.',
  },
] as const;

/** Pairwise sigmoid loss with linear projections. */
export const siglip: Objective = {
  name: 'siglip',
  label: 'SigLIP',
  paper: 'https://arxiv.org/abs/2303.15343',
  fields,
  smoke: { outputs: 8 },
  ...objectiveFacts.siglip,
  couplesExamples: true,
  build(context, settings) {
    const { outputs, temperature, bias: first } = completeSettings('siglip', fields, settings);
    const alignment = buildAlignment(context, [outputs]);
    const logScale = context.scope.weight('logit_scale', [], constant(-Math.log(temperature)));
    const bias = context.scope.weight('logit_bias', [], constant(first));
    return {
      views: 1,
      variables: alignment.variables,
      loss: (forward) =>
        sigLip(
          alignment.image(forward.embedding(0)),
          alignment.text(forward.text()),
          logScale as unknown as tf.Scalar,
          bias as unknown as tf.Scalar,
          forward.groups.pairs,
        ),
      alignment,
    };
  },
};
