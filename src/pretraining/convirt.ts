/**
 * ConVIRT: as CLIP, with projection heads of two layers, a fixed temperature, and more weight on finding the report of a film.
 *
 * Y. Zhang, H. Jiang, Y. Miura, C. Manning, C. Langlotz, "Contrastive learning of medical visual representations from paired images and
 * text", 2020, https://arxiv.org/abs/2010.00747.
 */
import { convirt as convirtLoss } from '../losses/contrastive.ts';
import { completeSettings } from '../models/field.ts';
import { buildAlignment } from './alignment.ts';
import { hiddenField, outputsField, temperatureField } from './fields.ts';
import type { Objective } from './objective.ts';
import { objectiveFacts } from './objective-facts.ts';

const fields = [
  hiddenField(128, 'The width of the default ResNet’s embedding.'),
  outputsField(64, 'The paper has 512 for a ResNet-50.'),
  temperatureField(0.1, 'The best in the paper.'),
  {
    name: 'lambda',
    label: 'Weight of film → report λ',
    unit: 'share',
    low: 0,
    high: 1,
    step: 0.05,
    value: 0.75,
    why: 'The best in the paper.',
  },
] as const;

/** Asymmetric InfoNCE. */
export const convirt: Objective = {
  name: 'convirt',
  label: 'ConVIRT',
  paper: 'https://arxiv.org/abs/2010.00747',
  fields,
  smoke: { hidden: 16, outputs: 8 },
  ...objectiveFacts.convirt,
  couplesExamples: true,
  build(context, settings) {
    const { hidden, outputs, temperature, lambda } = completeSettings('convirt', fields, settings);
    const alignment = buildAlignment(context, [hidden, outputs]);
    return {
      views: 1,
      variables: alignment.variables,
      loss: (forward) =>
        convirtLoss(
          alignment.image(forward.embedding(0)),
          alignment.text(forward.text()),
          temperature,
          lambda,
          forward.groups.pairs,
        ),
      alignment,
    };
  },
};
