/**
 * The light decoder of masked autoencoders: what was seen, with one learned token wherever something was not, through a few blocks to pixels.
 *
 * K. He, X. Chen, S. Xie, Y. Li, P. Dollár, R. Girshick, "Masked autoencoders are scalable vision learners", CVPR 2022,
 * https://arxiv.org/abs/2111.06377, section 3.
 */
import * as tf from '@tensorflow/tfjs-core';
import { gatherTokens } from '../kernels/embedding.ts';
import { maskedPatchError, normalisedPatches } from '../losses/masked-patches.ts';
import { buildTransformerBlock, toPatches } from '../models/encoders/vit.ts';
import { normal, truncatedNormal } from '../models/layers/initializers.ts';
import { buildLayerNorm } from '../models/layers/layer-norm.ts';
import { buildLinear } from '../models/layers/linear.ts';
import type { ParameterScope } from '../models/parameter-scope.ts';
import type { Tensors } from './forward-pass.ts';
import type { Reconstructed } from './objective.ts';

/** The shape of a decoder. */
export interface PatchDecoderConfig {
  /** Length of the encoder's tokens. */
  readonly inputs: number;
  /** Patches of a film. */
  readonly count: number;
  /** Side of a patch in px. */
  readonly patch: number;
  readonly channels: number;
  /** Length of the decoder's tokens. */
  readonly dimensions: number;
  readonly depth: number;
  readonly heads: number;
  /** True asks for patches with their own mean and deviation taken out. */
  readonly normalised: boolean;
}

/** A decoder with its loss. */
export interface PatchDecoder {
  /**
   * Mean squared error over the removed patches.
   * @param seen the encoder's tokens [films, prefix + visible, inputs] @param films as the encoder reads them
   * @param masks what `drawPatchMasks` gave, on the device
   */
  loss(seen: tf.Tensor3D, films: tf.Tensor4D, masks: Tensors): tf.Scalar;
  /** The films with the removed patches as they were drawn. */
  reconstruct(seen: tf.Tensor3D, films: tf.Tensor4D, masks: Tensors): Reconstructed;
}

/** Builds "decoder_embed", "mask_token", "decoder_pos_embed", "decoder_blocks", "decoder_norm" and "decoder_pred", as the authors name them. */
export function buildPatchDecoder(scope: ParameterScope, config: PatchDecoderConfig): PatchDecoder {
  const { inputs, count, patch, channels, dimensions, depth, heads, normalised } = config;
  const embed = buildLinear(scope.within('decoder_embed'), inputs, dimensions);
  const maskToken = scope.weight('mask_token', [1, 1, dimensions], normal(0.02));
  const positions = scope.weight('decoder_pos_embed', [1, count, dimensions], truncatedNormal(0.02));
  const shape = { dimensions, heads, mlpRatio: 4, layerScale: null };
  const blocks = Array.from({ length: depth }, (_, i) =>
    buildTransformerBlock(scope.within('decoder_blocks').within(i), shape),
  );
  const normalise = buildLayerNorm(scope.within('decoder_norm'), dimensions, 1e-6);
  const predict = buildLinear(scope.within('decoder_pred'), dimensions, patch * patch * channels);

  /** Pixels of every patch, [films, count, patch · patch · channels]. */
  const draw = (seen: tf.Tensor3D, { sources, mask }: Tensors): tf.Tensor3D => {
    const placed = gatherTokens(embed(seen), sources as tf.Tensor2D); // [films, count, dimensions]
    const removed = tf.expandDims(mask!, 2);
    const filled = tf.add(tf.mul(placed, tf.sub(1, removed)), tf.mul(removed, maskToken));
    const tokens = tf.add<tf.Tensor3D>(filled, positions);
    return predict(normalise(blocks.reduce((x, block) => block(x), tokens)));
  };
  return {
    loss: (seen, films, masks) => {
      const patches = toPatches(films, patch);
      const target = normalised ? normalisedPatches(patches) : patches;
      return maskedPatchError(draw(seen, masks), target, masks['mask'] as tf.Tensor2D);
    },
    reconstruct: (seen, films, masks) => {
      const patches = toPatches(films, patch);
      const drawn = draw(seen, masks);
      const pixels = normalised ? inScaleOf(drawn, patches) : drawn;
      const removed = tf.expandDims(masks['mask']!, 2);
      const mixed = tf.add<tf.Tensor3D>(tf.mul(patches, tf.sub(1, removed)), tf.mul(pixels, removed));
      return { mask: masks['mask'] as tf.Tensor2D, films: fromPatches(mixed, films.shape, patch) };
    },
  };
}

/** Drawn patches with the mean and deviation of the true ones, as the authors show them. */
function inScaleOf(drawn: tf.Tensor3D, patches: tf.Tensor3D): tf.Tensor3D {
  const { mean, variance } = tf.moments(patches, 2, true);
  return tf.add(tf.mul(drawn, tf.sqrt(tf.add(variance, 1e-6))), mean);
}

/** The films [films, side, side, channels] of patches as `toPatches` cut them. */
function fromPatches(
  patches: tf.Tensor3D,
  [films, height, width, channels]: readonly [number, number, number, number],
  patch: number,
): tf.Tensor4D {
  const [rows, columns] = [height / patch, width / patch];
  const strips = tf.reshape(patches, [films * rows, columns, patch, patch * channels]);
  return tf.reshape(tf.transpose(strips, [0, 2, 1, 3]), [films, height, width, channels]);
}
