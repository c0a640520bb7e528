/**
 * What objectives that mask films have in common: V sees some patches of a film, and a light decoder draws the others.
 */
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../errors.ts';
import type { ParameterScope } from '../models/parameter-scope.ts';
import type { Random } from '../random/random.ts';
import type { HostTensors } from '../tensors/host-tensor.ts';
import type { ForwardPass, Tensors } from './forward-pass.ts';
import type { ObjectiveContext, Reconstructed } from './objective.ts';
import { buildPatchDecoder } from './patch-decoder.ts';
import { drawPatchMasks, visiblePatches } from './patch-masks.ts';

/** How images are masked and drawn. */
export interface ImageMasking {
  /** Of the patches, in (0, 1). */
  readonly maskedShare: number;
  /** True asks for patches with their own mean and deviation taken out. */
  readonly normalised: boolean;
  readonly decoderDimensions: number;
  readonly decoderDepth: number;
  readonly decoderHeads: number;
}

/** What V saw of a batch of images, and the images. */
export interface SeenImages {
  /** V's tokens of the visible patches, [images, visible, dimensions]. */
  readonly patches: tf.Tensor3D;
  /** Mean squared error over the removed patches. */
  loss(): tf.Scalar;
  reconstruct(): Reconstructed;
}

/** Masks for the host, and how the device reads through them. */
export interface MaskedImages {
  draw(films: number, random: Random): HostTensors;
  /** @param masks what `draw` gave, on the device. */
  see(forward: ForwardPass, masks: Tensors): SeenImages;
}

/**
 * Builds the decoder in a scope.
 * @param needs the objective's sentence about encoders.
 * @throws InputError when V does not read patches.
 */
export function buildMaskedImages(
  { encoder: { patches, dimensions }, input }: ObjectiveContext,
  scope: ParameterScope,
  needs: string,
  masking: ImageMasking,
): MaskedImages {
  if (!patches) throw new InputError(`${needs} Choose that encoder, or leave the recipe out.`);
  const visible = visiblePatches(patches.count, masking.maskedShare);
  const decoder = buildPatchDecoder(scope, {
    inputs: dimensions,
    count: patches.count,
    patch: patches.patch,
    channels: input.channels,
    dimensions: masking.decoderDimensions,
    depth: masking.decoderDepth,
    heads: masking.decoderHeads,
    normalised: masking.normalised,
  });
  return {
    draw: (films, random) => drawPatchMasks(films, { ...patches, visible }, random),
    see: (forward, masks) => {
      const films = forward.films(0);
      const tokens = patches.encode(films, masks['places'] as tf.Tensor2D);
      return {
        patches: withoutPrefix(tokens, patches.prefix),
        loss: () => decoder.loss(tokens, films, masks),
        reconstruct: () => decoder.reconstruct(tokens, films, masks),
      };
    },
  };
}

function withoutPrefix(tokens: tf.Tensor3D, prefix: number): tf.Tensor3D {
  return tf.slice(tokens, [0, prefix, 0]);
}
