/**
 * VICReg: embeddings of two views are similar, each dimension varies, and dimensions are not correlated. It needs no negatives.
 *
 * A. Bardes, J. Ponce, Y. LeCun, "VICReg: variance-invariance-covariance regularization for self-supervised learning", ICLR 2022,
 * https://arxiv.org/abs/2105.04906.
 */
import { vicreg as vicregLoss } from '../losses/redundancy.ts';
import { completeSettings } from '../models/field.ts';
import { buildProjection } from '../models/projection.ts';
import { hiddenField, outputsField } from './fields.ts';
import type { Objective } from './objective.ts';
import { objectiveFacts } from './objective-facts.ts';

const fields = [
  hiddenField(256, 'The paper has 8,192 for 2,048 features: an expander, wider than the embedding.'),
  outputsField(256, 'As wide as the hidden layers, as in the paper.'),
  {
    name: 'invariance',
    label: 'Weight of the invariance λ',
    unit: 'no unit',
    low: 0,
    high: 100,
    step: 1,
    value: 25,
    why: 'The best in the paper.',
  },
  {
    name: 'variance',
    label: 'Weight of the variance μ',
    unit: 'no unit',
    low: 0,
    high: 100,
    step: 1,
    value: 25,
    why: 'The best in the paper.',
  },
  {
    name: 'covariance',
    label: 'Weight of the covariance ν',
    unit: 'no unit',
    low: 0,
    high: 100,
    step: 1,
    value: 1,
    why: 'The best in the paper.',
  },
] as const;

/** The authors' form of the loss: means over dimensions, so that its size does not grow with the expander. */
export const vicreg: Objective = {
  name: 'vicreg',
  label: 'VICReg',
  paper: 'https://arxiv.org/abs/2105.04906',
  fields,
  smoke: { hidden: 16, outputs: 16 },
  ...objectiveFacts.vicreg,
  couplesExamples: true,
  build({ encoder, scope }, settings) {
    const { hidden, outputs, ...weights } = completeSettings('vicreg', fields, settings);
    const expand = buildProjection(scope, {
      widths: [encoder.dimensions, hidden, hidden, outputs],
      batchNorm: true,
    });
    const form = { ...weights, variant: 'officialCode', target: 1, epsilon: 1e-4 } as const;
    return {
      views: 2,
      variables: encoder.variables.map(({ variable }) => variable),
      loss: (forward) => vicregLoss(expand(forward.embedding(0)), expand(forward.embedding(1)), form),
    };
  },
};
