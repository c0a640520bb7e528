/**
 * Masked autoencoding: three quarters of a film's patches are removed and reconstructed from the rest.
 *
 * K. He, X. Chen, S. Xie, Y. Li, P. Dollár, R. Girshick, "Masked autoencoders are scalable vision learners", CVPR 2022,
 * https://arxiv.org/abs/2111.06377.
 */
import { completeSettings } from '../models/field.ts';
import { decoderFields } from './fields.ts';
import { buildMaskedImages } from './masked-images.ts';
import type { Objective } from './objective.ts';
import { objectiveFacts } from './objective-facts.ts';

const fields = [
  {
    name: 'maskedShare',
    label: 'Share of the patches that is removed',
    unit: 'share',
    low: 0.1,
    high: 0.95,
    step: 0.05,
    value: 0.75,
    why: 'The best in the paper (figure 5).',
  },
  {
    name: 'normalisedPixels',
    label: 'Patches normalised one by one',
    unit: '0 = no, 1 = yes',
    low: 0,
    high: 1,
    step: 1,
    value: 1,
    why: 'Better features in the paper (table 1d).',
  },
  ...decoderFields,
] as const;

/** Asymmetric: the encoder reads the visible patches only. */
export const mae: Objective = {
  name: 'mae',
  label: 'MAE',
  paper: 'https://arxiv.org/abs/2111.06377',
  fields,
  smoke: { decoderDimensions: 16, decoderDepth: 1, decoderHeads: 2 },
  ...objectiveFacts.mae,
  couplesExamples: false,
  build(context, settings) {
    const { normalisedPixels, ...shape } = completeSettings('mae', fields, settings);
    const masking = { ...shape, normalised: normalisedPixels === 1 };
    const films = buildMaskedImages(context, context.scope, mae.needs, masking);
    return {
      views: 1,
      variables: context.encoder.variables.map(({ variable }) => variable),
      load: ({ rows, random }) => films.draw(rows.length, random),
      loss: (forward, masks) => films.see(forward, masks).loss(),
      reconstruct: (forward, masks) => films.see(forward, masks).reconstruct(),
    };
  },
};
