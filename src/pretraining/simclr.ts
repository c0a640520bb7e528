/**
 * SimCLR: two views of a film must find each other among all views of the batch.
 *
 * T. Chen, S. Kornblith, M. Norouzi, G. Hinton, "A simple framework for contrastive learning of visual representations", ICML 2020,
 * https://arxiv.org/abs/2002.05709.
 */
import { ntXent } from '../losses/contrastive.ts';
import { completeSettings } from '../models/field.ts';
import { buildProjection } from '../models/projection.ts';
import { hiddenField, outputsField, temperatureField } from './fields.ts';
import type { Objective } from './objective.ts';
import { objectiveFacts } from './objective-facts.ts';

const fields = [
  hiddenField(128, 'The paper has the width of the embedding; 128 is that of the default ResNet.'),
  outputsField(64, 'The paper has 128 and finds that it hardly matters.'),
  temperatureField(0.1, 'The best in the paper (table 5).'),
] as const;

/** NT-Xent on two views. */
export const simclr: Objective = {
  name: 'simclr',
  label: 'SimCLR',
  paper: 'https://arxiv.org/abs/2002.05709',
  fields,
  smoke: { hidden: 16, outputs: 8 },
  ...objectiveFacts.simclr,
  couplesExamples: true,
  build({ encoder, scope }, settings) {
    const { hidden, outputs, temperature } = completeSettings('simclr', fields, settings);
    const project = buildProjection(scope, {
      widths: [encoder.dimensions, hidden, outputs],
      batchNorm: false,
    });
    return {
      views: 2,
      variables: encoder.variables.map(({ variable }) => variable),
      loss: (forward) => {
        const [first, second] = [project(forward.embedding(0)), project(forward.embedding(1))];
        return ntXent(first, second, temperature, forward.groups.patients);
      },
    };
  },
};
