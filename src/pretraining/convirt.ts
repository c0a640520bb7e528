/**
 * ConVIRT: as CLIP, with projection heads of two layers, a fixed temperature, and more weight on finding the report of a film.
 *
 * Y. Zhang, H. Jiang, Y. Miura, C. Manning, C. Langlotz, "Contrastive learning of medical visual representations from paired images and
 * text", 2020, https://arxiv.org/abs/2010.00747.
 */
import { convirt as convirtLoss } from '../losses/contrastive.ts';
import { completeSettings } from '../models/encoder-settings.ts';
import { buildProjection } from '../models/projection.ts';
import type { Objective } from './objective.ts';

const fields = [
  {
    name: 'hidden',
    label: 'Width of the projection head',
    unit: 'units',
    low: 8,
    high: 4096,
    step: 8,
    value: 128,
    why: 'The width of the default ResNet’s embedding.',
  },
  {
    name: 'outputs',
    label: 'Length of a projection',
    unit: 'dimensions',
    low: 8,
    high: 4096,
    step: 8,
    value: 64,
    why: 'The paper has 512 for a ResNet-50.',
  },
  {
    name: 'temperature',
    label: 'Temperature τ',
    unit: 'no unit',
    low: 0.01,
    high: 1,
    step: 0.01,
    value: 0.1,
    why: 'The best in the paper.',
  },
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
  uses: 'both',
  needs: '',
  couplesExamples: true,
  build({ encoder, text, scope }, settings) {
    const { hidden, outputs, temperature, lambda } = completeSettings('convirt', fields, settings);
    const textEncoder = text.encoder();
    const image = buildProjection(scope.within('image'), {
      widths: [encoder.dimensions, hidden, outputs],
      batchNorm: false,
    });
    const report = buildProjection(scope.within('text'), {
      widths: [textEncoder.dimensions, hidden, outputs],
      batchNorm: false,
    });
    return Promise.resolve({
      views: 1,
      variables: [...encoder.variables, ...textEncoder.variables].map(({ variable }) => variable),
      loss: (forward) =>
        convirtLoss(
          image(forward.embedding(0)),
          report(forward.text()),
          temperature,
          lambda,
          forward.groups.pairs,
        ),
      alignment: { image, text: report },
    });
  },
};
