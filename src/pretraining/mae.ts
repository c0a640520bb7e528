/**
 * Masked autoencoding: three quarters of a film's patches are taken away and drawn from the rest.
 *
 * K. He, X. Chen, S. Xie, Y. Li, P. Dollár, R. Girshick, "Masked autoencoders are scalable vision learners", CVPR 2022,
 * https://arxiv.org/abs/2111.06377.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { completeSettings } from '../models/encoder-settings.ts';
import type { ForwardPass, Tensors } from './forward-pass.ts';
import type { Objective } from './objective.ts';
import { buildPatchDecoder } from './patch-decoder.ts';
import { patchesOf } from './patches-of.ts';
import { drawPatchMasks, visiblePatches } from './patch-masks.ts';

const fields = [
  {
    name: 'maskedShare',
    label: 'Share of the patches that is taken away',
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
  {
    name: 'decoderDimensions',
    label: 'Length of the decoder’s tokens',
    unit: 'dimensions',
    low: 16,
    high: 512,
    step: 16,
    value: 32,
    why: 'Half the encoder’s, as in the paper: the decoder is light.',
  },
  {
    name: 'decoderDepth',
    label: 'Blocks of the decoder',
    unit: 'blocks',
    low: 1,
    high: 8,
    step: 1,
    value: 1,
    why: 'The paper finds that one block is enough for fine-tuning (table 1a).',
  },
  {
    name: 'decoderHeads',
    label: 'Attention heads of the decoder',
    unit: 'heads',
    low: 1,
    high: 16,
    step: 1,
    value: 4,
    why: 'The decoder’s tokens must be a multiple of it.',
  },
] as const;

/** Asymmetric: the encoder reads the visible patches only. */
export const mae: Objective = {
  name: 'mae',
  label: 'MAE',
  paper: 'https://arxiv.org/abs/2111.06377',
  fields,
  smoke: { decoderDimensions: 16, decoderDepth: 1, decoderHeads: 2 },
  uses: 'image',
  needs: 'MAE needs an image encoder that reads patches, as the vision transformer does.',
  couplesExamples: false,
  async build({ encoder, input, scope }, settings) {
    const complete = completeSettings('mae', fields, settings);
    const { maskedShare, normalisedPixels, decoderDimensions, decoderDepth, decoderHeads } = complete;
    const patches = await patchesOf(encoder, mae.needs);
    const visible = visiblePatches(patches.count, maskedShare);
    const decoder = buildPatchDecoder(scope, {
      inputs: encoder.dimensions,
      count: patches.count,
      patch: patches.patch,
      channels: input.channels,
      dimensions: decoderDimensions,
      depth: decoderDepth,
      heads: decoderHeads,
      normalised: normalisedPixels === 1,
    });
    const read = (forward: ForwardPass, { places }: Tensors): readonly [tf.Tensor3D, tf.Tensor4D] => {
      const films = forward.films(0);
      return [patches.encode(films, places as tf.Tensor2D), films];
    };
    return {
      views: 1,
      variables: encoder.variables.map(({ variable }) => variable),
      load: ({ rows, random }) => drawPatchMasks(rows.length, { ...patches, visible }, random),
      loss: (forward, masks) => decoder.loss(...read(forward, masks), masks),
      reconstruct: (forward, masks) => decoder.reconstruct(...read(forward, masks), masks),
    };
  },
};
