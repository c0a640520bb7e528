/**
 * CLIP: film and report must find each other among all pairs of the batch, at a temperature that is learned.
 *
 * A. Radford et al., "Learning transferable visual models from natural language supervision", 2021, https://arxiv.org/abs/2103.00020,
 * section 2.3 and figure 3.
 */
import * as tf from '@tensorflow/tfjs-core';
import { assignInPlace } from '../kernels/assign.ts';
import { infoNce } from '../losses/contrastive.ts';
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
    why: 'The paper has 512 and more for hundreds of millions of pairs.',
  },
  {
    name: 'temperature',
    label: 'Temperature τ',
    unit: 'no unit',
    low: 0.01,
    high: 1,
    step: 0.01,
    value: 0.07,
    why: 'Where the paper begins; it is learned from there.',
  },
] as const;

/** The paper keeps the factor on cosines at 100 or below, for stability. */
const largestLogScale = Math.log(100);

/** Symmetric InfoNCE with linear projections. */
export const clip: Objective = {
  name: 'clip',
  label: 'CLIP',
  paper: 'https://arxiv.org/abs/2103.00020',
  fields,
  smoke: { outputs: 8 },
  uses: 'both',
  needs: '',
  couplesExamples: true,
  build({ encoder, text, scope }, settings) {
    const { outputs, temperature } = completeSettings('clip', fields, settings);
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
    return Promise.resolve({
      views: 1,
      variables: [...encoder.variables, ...textEncoder.variables].map(({ variable }) => variable),
      loss: (forward) =>
        infoNce(
          image(forward.embedding(0)),
          report(forward.text()),
          logScale as unknown as tf.Scalar,
          forward.groups.pairs,
        ),
      afterUpdate: () => assignInPlace(logScale, tf.minimum(logScale, largestLogScale)),
      alignment: { image, text: report },
    });
  },
};
