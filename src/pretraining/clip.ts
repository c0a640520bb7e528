/**
 * CLIP: film and report must find each other among all pairs of the batch, at a temperature that is learned.
 *
 * A. Radford et al., "Learning transferable visual models from natural language supervision", 2021, https://arxiv.org/abs/2103.00020,
 * section 2.3 and figure 3.
 */
import * as tf from '@tensorflow/tfjs-core';
import { assignInPlace } from '../kernels/assign.ts';
import { infoNce } from '../losses/contrastive.ts';
import { completeSettings } from '../models/field.ts';
import { constant } from '../models/layers/initializers.ts';
import { buildAlignment } from './alignment.ts';
import { outputsField, temperatureField } from './fields.ts';
import type { Objective } from './objective.ts';
import { objectiveFacts } from './objective-facts.ts';

const fields = [
  outputsField(64, 'The paper has 512 and more for hundreds of millions of pairs.'),
  temperatureField(0.07, 'Where the paper begins; it is learned from there.'),
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
  ...objectiveFacts.clip,
  couplesExamples: true,
  build(context, settings) {
    const { outputs, temperature } = completeSettings('clip', fields, settings);
    const alignment = buildAlignment(context, [outputs]);
    const logScale = context.scope.weight('logit_scale', [], constant(-Math.log(temperature)));
    return {
      views: 1,
      variables: alignment.variables,
      loss: (forward) =>
        infoNce(
          alignment.image(forward.embedding(0)),
          alignment.text(forward.text()),
          logScale as unknown as tf.Scalar,
          forward.groups.pairs,
        ),
      afterUpdate: () => assignInPlace(logScale, tf.minimum(logScale, largestLogScale)),
      alignment,
    };
  },
};
