/**
 * SigLIP: of each film and each report in the batch, do they belong together? Temperature and bias are learned.
 *
 * X. Zhai, B. Mustafa, A. Kolesnikov, L. Beyer, "Sigmoid loss for language image pre-training", 2023, https://arxiv.org/abs/2303.15343.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { sigLip } from '../losses/contrastive.ts';
import { completeSettings } from '../models/encoder-settings.ts';
import { constant } from '../models/layers/initializers.ts';
import { buildProjection } from '../models/projection.ts';
import type { Objective } from './objective.ts';

const fields = [
  {
    name: 'outputs',
    label: 'Length of a projection',
    unit: 'dimensions',
    low: 8,
    high: 4096,
    step: 8,
    value: 64,
    why: 'As for CLIP.',
  },
  {
    name: 'temperature',
    label: 'Temperature τ',
    unit: 'no unit',
    low: 0.01,
    high: 1,
    step: 0.01,
    value: 0.1,
    why: 'Where the paper begins; it is learned from there.',
  },
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
  uses: 'both',
  needs: '',
  couplesExamples: true,
  build({ encoder, text, scope }, settings) {
    const { outputs, temperature, bias: first } = completeSettings('siglip', fields, settings);
    const textEncoder = text.encoder();
    const image = buildProjection(scope.within('image'), {
      widths: [encoder.dimensions, outputs],
      batchNorm: false,
    });
    const report = buildProjection(scope.within('text'), {
      widths: [textEncoder.dimensions, outputs],
      batchNorm: false,
    });
    const logScale = scope.weight('logit_scale', [], constant(-Math.log(temperature)));
    const bias = scope.weight('logit_bias', [], constant(first));
    return Promise.resolve({
      views: 1,
      variables: [...encoder.variables, ...textEncoder.variables].map(({ variable }) => variable),
      loss: (forward) =>
        sigLip(
          image(forward.embedding(0)),
          report(forward.text()),
          logScale as unknown as tf.Scalar,
          bias as unknown as tf.Scalar,
          forward.groups.pairs,
        ),
      alignment: { image, text: report },
    });
  },
};
