/**
 * Alignment and uniformity: two views of a film lie close on the unit sphere, and films spread over it. The worked example of
 * CONTRIBUTING.md; in the lab it would stand in `src/pretraining/alignment-uniformity.ts`.
 *
 * T. Wang, P. Isola, "Understanding contrastive representation learning through alignment and uniformity on the hypersphere", ICML 2020,
 * https://arxiv.org/abs/2005.10242.
 */
import * as tf from '@tensorflow/tfjs-core';
import { completeSettings } from '../../src/models/field.ts';
import { buildProjection } from '../../src/models/projection.ts';
import { hiddenField, outputsField } from '../../src/pretraining/fields.ts';
import type { Objective } from '../../src/pretraining/objective.ts';

const fields = [
  hiddenField(64, 'One hidden layer suffices for small films.'),
  outputsField(32, 'The sphere on which films are compared.'),
] as const;

/** E‖z₁ − z₂‖² + log E exp(−2‖zᵢ − zⱼ‖²), i ≠ j, each view by itself. */
export const alignmentUniformity: Objective = {
  name: 'alignmentUniformity',
  label: 'Alignment and uniformity',
  paper: 'https://arxiv.org/abs/2005.10242',
  fields,
  smoke: { hidden: 16, outputs: 8 },
  // In the lab these three come from `src/pretraining/objective-facts.ts`.
  uses: 'image',
  reads: 'any',
  needs: '',
  couplesExamples: true,
  build({ encoder, scope }, settings) {
    const { hidden, outputs } = completeSettings('alignmentUniformity', fields, settings);
    const project = buildProjection(scope, {
      widths: [encoder.dimensions, hidden, outputs],
      batchNorm: true,
    });
    return {
      views: 2,
      variables: encoder.variables.map(({ variable }) => variable),
      loss: (forward) => {
        const [a, b] = [0, 1].map((view) => onSphere(project(forward.embedding(view)))) as [
          tf.Tensor2D,
          tf.Tensor2D,
        ];
        const alignment = tf.mean(tf.sum(tf.square(tf.sub(a, b)), 1));
        const spread = tf.mul(0.5, tf.add(uniformity(a), uniformity(b)));
        return tf.add<tf.Scalar>(alignment, spread);
      },
    };
  },
};

/** Rows of length one. @param z [films, outputs] */
function onSphere(z: tf.Tensor2D): tf.Tensor2D {
  return tf.div(z, tf.sqrt(tf.add(tf.sum(tf.square(z), 1, true), 1e-12)));
}

/** log of the mean of exp(−2‖zᵢ − zⱼ‖²) over pairs i ≠ j. @param z [films, outputs], rows of length one. */
function uniformity(z: tf.Tensor2D): tf.Scalar {
  const films = z.shape[0];
  // ‖zᵢ − zⱼ‖² = 2 − 2 zᵢ·zⱼ on the sphere; each row's pair with itself adds exp(0) = 1.
  const pairs = tf.exp(tf.mul(4, tf.sub(tf.matMul(z, z, false, true), 1)));
  return tf.log(tf.div(tf.sub(tf.sum(pairs), films), films * (films - 1)));
}
