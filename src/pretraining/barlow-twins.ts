/**
 * Barlow Twins: over the batch, each dimension of one view must correlate with the same dimension of the other view and with no other
 * dimension.
 *
 * J. Zbontar, L. Jing, I. Misra, Y. LeCun, S. Deny, "Barlow Twins: self-supervised learning via redundancy reduction", ICML 2021,
 * https://arxiv.org/abs/2103.03230.
 */
import * as tf from '@tensorflow/tfjs-core';
import { barlowTwins as barlowTwinsLoss } from '../losses/redundancy.ts';
import { completeSettings } from '../models/field.ts';
import { buildProjection } from '../models/projection.ts';
import { hiddenField, outputsField } from './fields.ts';
import type { Objective } from './objective.ts';
import { objectiveFacts } from './objective-facts.ts';

const fields = [
  hiddenField(256, 'The paper has 8,192 for 2,048 features.'),
  outputsField(256, 'As wide as the hidden layers, as in the paper.'),
  {
    name: 'lambda',
    label: 'Weight of redundancy λ',
    unit: 'no unit',
    low: 0.0001,
    high: 1,
    step: 0.0001,
    value: 0.005,
    why: 'The best in the paper; for few outputs it hardly matters.',
  },
] as const;

/** The loss divided by the number of outputs, so that it weighs alike in sums whatever the head. */
export const barlowTwins: Objective = {
  name: 'barlowTwins',
  label: 'Barlow Twins',
  paper: 'https://arxiv.org/abs/2103.03230',
  fields,
  smoke: { hidden: 16, outputs: 16 },
  ...objectiveFacts.barlowTwins,
  couplesExamples: true,
  build({ encoder, scope }, settings) {
    const { hidden, outputs, lambda } = completeSettings('barlowTwins', fields, settings);
    const project = buildProjection(scope, {
      widths: [encoder.dimensions, hidden, hidden, outputs],
      batchNorm: true,
    });
    return {
      views: 2,
      variables: encoder.variables.map(({ variable }) => variable),
      loss: (forward) => {
        const loss = barlowTwinsLoss(project(forward.embedding(0)), project(forward.embedding(1)), lambda);
        return tf.mul<tf.Scalar>(loss, 1 / outputs);
      },
    };
  },
};
