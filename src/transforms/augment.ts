/**
 * Augmentation of training images: random crop, small rotation, flip and intensity jitter, drawn on the host from a seed and applied on
 * the device by one sampling per image.
 */
import * as tf from '@tensorflow/tfjs-core';
import { AUGMENTATION_NUMBERS } from '../kernels/image-bytes.ts';
import type { Random } from '../random/random.ts';
import type { HostTensor } from '../tensors/host-tensor.ts';

/** How far augmentation may go; 0 switches a part off (for crops: 1). */
export interface AugmentationSettings {
  /** Smallest share of the image's area that a random crop keeps, in (0, 1]; 1 = no cropping. */
  readonly minCropArea: number;
  /** Rotation at most, in degrees either way. */
  readonly rotationDegrees: number;
  /** Brightness and contrast jitter at most, as a share of the intensity range, in [0, 1). */
  readonly intensityJitter: number;
  /** Probability of a left-right flip. */
  readonly flipProbability: number;
}

/** What happens to one image. */
export interface ImageAugmentation {
  /** Side of the square crop, as a share of the image's side, in (0, 1]. The shape of the heart is a finding: crops keep its proportions. */
  readonly cropSide: number;
  /** Centre of the crop, as shares of the image's width and height. */
  readonly centreX: number;
  readonly centreY: number;
  /** Angle by which the image turns counter-clockwise, in radians. */
  readonly angle: number;
  readonly flipped: boolean;
  /** Factor on the distance to middle grey. */
  readonly contrast: number;
  /** Added to intensities. */
  readonly brightness: number;
}

/** The image as it is. */
export const noAugmentation: ImageAugmentation = {
  cropSide: 1,
  centreX: 0.5,
  centreY: 0.5,
  angle: 0,
  flipped: false,
  contrast: 1,
  brightness: 0,
};

/**
 * Draws what happens to each image of a batch. Every image takes the same number of draws whatever the settings, so that the same
 * generator gives all arms the same augmentation.
 * @throws RangeError when a setting is out of its range.
 */
export function drawAugmentations(
  settings: AugmentationSettings,
  images: number,
  random: Random,
): ImageAugmentation[] {
  assertSettings(settings);
  const { minCropArea, rotationDegrees, intensityJitter, flipProbability } = settings;
  return Array.from({ length: images }, () => {
    const cropSide = Math.sqrt(random.uniform(minCropArea, 1));
    const margin = cropSide / 2;
    return {
      cropSide,
      centreX: random.uniform(margin, 1 - margin),
      centreY: random.uniform(margin, 1 - margin),
      angle: (random.uniform(-rotationDegrees, rotationDegrees) * Math.PI) / 180,
      flipped: random.chance(flipProbability),
      contrast: random.uniform(1 - intensityJitter, 1 + intensityJitter),
      brightness: random.uniform(-intensityJitter, intensityJitter),
    };
  });
}

/**
 * The numbers of a batch's augmentations, as the device reads them: [images, 8], rows a0 a1 a2 b0 b1 b2 contrast offset.
 * @param side of the images that are sampled, in px.
 * @throws RangeError when there are not as many augmentations as images.
 */
export function augmentationTable(
  augmentations: readonly ImageAugmentation[],
  images: number,
  side: number,
): HostTensor {
  if (augmentations.length !== images) {
    throw new RangeError(`augmentationTable: expected ${images} augmentations, got ${augmentations.length}`);
  }
  const rows = augmentations.map((augmentation) => {
    const { contrast, brightness } = augmentation;
    return [...samplingRow(augmentation, side), contrast, 0.5 - 0.5 * contrast + brightness];
  });
  return { shape: [images, AUGMENTATION_NUMBERS], dtype: 'float32', values: Float32Array.from(rows.flat()) };
}

/**
 * Augments each image by TensorFlow.js's operations, for backends without our kernel: bilinear sampling, black outside the image,
 * intensities kept in [0, 1].
 * @param images [batch, side, side, 1] in [0, 1] @param table [batch, 8] as `augmentationTable` writes it.
 * @returns [batch, side, side, 1] in [0, 1]
 */
export function augmentByTable(images: tf.Tensor4D, table: tf.Tensor2D): tf.Tensor4D {
  return tf.tidy(() => {
    const rows = tf.concat2d([tf.slice2d(table, [0, 0], [-1, 6]), tf.zeros([table.shape[0], 2])], 1);
    const perImage = (column: number): tf.Tensor4D =>
      tf.reshape(tf.slice2d(table, [0, column], [-1, 1]), [-1, 1, 1, 1]);
    const shifted = tf.add<tf.Tensor4D>(tf.mul(sample(images, rows), perImage(6)), perImage(7));
    return tf.clipByValue(shifted, 0, 1);
  });
}

/**
 * The row [a0 a1 a2 b0 b1 b2] of the sampling: new pixel (x, y) reads the old image at (a0·x + a1·y + a2, b0·x + b1·y + b2), in
 * pixels from the centre of the first one. A new pixel is placed in the crop, mirrored, turned about the crop's centre, and scaled.
 * @param side of the image in px.
 */
export function samplingRow(augmentation: ImageAugmentation, side: number): number[] {
  const { cropSide, centreX, centreY, angle, flipped } = augmentation;
  const across = cropSide * (flipped ? -1 : 1);
  // In a picture y points down: turning the image counter-clockwise means reading it clockwise.
  const [a0, a1] = [across * Math.cos(angle), -cropSide * Math.sin(angle)];
  const [b0, b1] = [across * Math.sin(angle), cropSide * Math.cos(angle)];
  const half = (side - 1) / 2;
  return [
    ...[a0, a1, centreX * side - 0.5 - (a0 + a1) * half],
    ...[b0, b1, centreY * side - 0.5 - (b0 + b1) * half],
  ];
}

function sample(images: tf.Tensor4D, rows: tf.Tensor2D): tf.Tensor4D {
  // Image by image: TensorFlow.js 4.22 on cpu samples only the first image of a batch and leaves the others black.
  const single = Array.from({ length: images.shape[0] }, (_, i) =>
    tf.image.transform(
      tf.slice4d(images, [i, 0, 0, 0], [1, -1, -1, -1]),
      tf.slice2d(rows, [i, 0], [1, -1]),
      'bilinear',
    ),
  );
  return tf.concat4d(single, 0);
}

function assertSettings(settings: AugmentationSettings): void {
  const { minCropArea, rotationDegrees, intensityJitter, flipProbability } = settings;
  const refuse = (name: string, range: string, value: number): never => {
    throw new RangeError(`drawAugmentations: ${name} must be ${range}, got ${value}`);
  };
  if (!(minCropArea > 0 && minCropArea <= 1)) refuse('minCropArea', 'in (0, 1]', minCropArea);
  if (!(rotationDegrees >= 0 && rotationDegrees <= 180))
    refuse('rotationDegrees', 'in [0, 180]', rotationDegrees);
  if (!(intensityJitter >= 0 && intensityJitter < 1)) refuse('intensityJitter', 'in [0, 1)', intensityJitter);
  if (!(flipProbability >= 0 && flipProbability <= 1))
    refuse('flipProbability', 'in [0, 1]', flipProbability);
}
