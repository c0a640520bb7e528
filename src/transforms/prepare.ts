/**
 * All that happens to images between the store and an encoder, in one call: unpack, resize, augment, scale, repeat to the channels.
 */
import * as tf from '@tensorflow/tfjs-core';
import { imageWords, finishImages } from '../kernels/image-bytes.ts';
import { onWebgpu } from '../tensors/webgpu-insides.ts';
import { augmentByTable } from './augment.ts';
import type { IntensityStatistics } from './intensity-statistics.ts';
import { imagesFromBytes } from './normalise.ts';
import { resizeImages } from './resize.ts';

/** Scales of intensities that encoders expect: of the training images, [0, 1], [−1, 1] or [−1024, 1024]. */
export const intensityScalings = ['standardised', 'zeroToOne', 'minusOneToOne', 'minus1024To1024'] as const;

/** One of the scales. */
export type IntensityScaling = (typeof intensityScalings)[number];

/** A scale that a model brings with it: (intensity − centre) / scale, of intensities in [0, 1]. */
export interface FixedScaling {
  readonly centre: number;
  readonly scale: number;
}

/** The input that an encoder expects. */
export interface EncoderInput {
  /** In px. */
  readonly height: number;
  /** In px. */
  readonly width: number;
  /** The grey image is repeated in each. */
  readonly channels: number;
  readonly scaling: IntensityScaling | FixedScaling;
}

/** Images as they are stored. */
export interface StoredImages {
  /** Side of the stored images in px. */
  readonly side: number;
  /** Of the training images. */
  readonly statistics: IntensityStatistics;
}

/** The input of encoders that take any square grey image: one channel, standardised. */
export function squareInput(side: number): EncoderInput {
  return { height: side, width: side, channels: 1, scaling: 'standardised' };
}

/**
 * Images as an encoder wants them. Augmentation comes before scaling, while black is 0 and intensities end at 1.
 * @param images bytes as `packImages` packs them, side × side an image: int32 [images, words].
 * @param augmentation [images, 8] as `augmentationTable` writes it for the encoder's input side; null for validation and test.
 * @returns [images, height, width, channels]
 * @throws RangeError when words and side do not fit.
 */
export function prepareInput(
  images: tf.Tensor2D,
  { side, statistics }: StoredImages,
  input: EncoderInput,
  augmentation: tf.Tensor2D | null,
): tf.Tensor4D {
  const { height, width, channels } = input;
  if (images.shape[1] !== imageWords(side ** 2)) {
    throw new RangeError(`prepareInput: ${images.shape[1]} words an image are not ${side} × ${side} bytes`);
  }
  const sizes = {
    images: images.shape[0],
    channels,
    ...scaleOf(input.scaling, statistics),
  };
  const resizes = height !== side || width !== side;
  return tf.tidy(() => {
    if (!onWebgpu()) {
      const grey = resizeImages(unpacked(images, side), height, width);
      const moved = augmentation ? augmentByTable(grey, augmentation) : grey;
      const scaled = tf.div<tf.Tensor4D>(tf.sub(moved, sizes.centre), sizes.scale);
      return channels === 1 ? scaled : tf.tile(scaled, [1, 1, 1, channels]);
    }
    if (!resizes) return finishImages(images, augmentation, { ...sizes, height, width });
    const plain = { ...sizes, height: side, width: side, channels: 1, centre: 0, scale: 1 };
    const resized = resizeImages(finishImages(images, null, plain), height, width);
    return finishImages(resized, augmentation, { ...sizes, height, width });
  });
}

/** Bytes on a backend whose numbers are on the host. */
function unpacked(images: tf.Tensor2D, side: number): tf.Tensor4D {
  const [count, words] = images.shape;
  const packed = images.dataSync<'int32'>();
  const bytes = new Uint8Array(count * side ** 2);
  for (let image = 0; image < count; image++) {
    const from = packed.byteOffset + 4 * words * image;
    bytes.set(new Uint8Array(packed.buffer, from, side ** 2), image * side ** 2);
  }
  return imagesFromBytes(bytes, side);
}

/** What is taken off intensities in [0, 1], and what divides them then. */
function scaleOf(
  scaling: EncoderInput['scaling'],
  { mean, standardDeviation }: IntensityStatistics,
): FixedScaling {
  if (typeof scaling === 'object') return scaling;
  switch (scaling) {
    case 'zeroToOne':
      return { centre: 0, scale: 1 };
    case 'minusOneToOne':
      return { centre: 0.5, scale: 0.5 };
    case 'minus1024To1024':
      return { centre: 0.5, scale: 1 / 2048 };
    case 'standardised':
      if (!(standardDeviation > 0))
        throw new RangeError(`prepareInput: standardDeviation must be > 0, got ${standardDeviation}`);
      return { centre: mean, scale: standardDeviation };
    default:
      return scaling satisfies never;
  }
}
