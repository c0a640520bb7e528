/**
 * All that happens to films between the store and an encoder, in one call: upload, resize, augment, scale, repeat to the channels.
 */
import * as tf from '@tensorflow/tfjs-core';
import { augmentFilms, type FilmAugmentation } from './augment.ts';
import { filmsFromBytes, standardiseFilms, type IntensityStatistics } from './normalise.ts';
import { resizeFilmsTo } from './resize.ts';

/** Scales of intensities that encoders expect: of the training films, [0, 1] or [−1, 1]. */
export const intensityScalings = ['standardised', 'zeroToOne', 'minusOneToOne'] as const;

/** One of the scales. */
export type IntensityScaling = (typeof intensityScalings)[number];

/** The input that an encoder expects. */
export interface EncoderInput {
  /** In px. */
  readonly height: number;
  /** In px. */
  readonly width: number;
  /** The grey film is repeated in each. */
  readonly channels: number;
  readonly scaling: IntensityScaling;
}

/** Films as they are stored. */
export interface StoredFilms {
  /** Side of the stored films in px. */
  readonly side: number;
  /** Of the training films. */
  readonly statistics: IntensityStatistics;
}

/** How films become a square grey input. */
export interface FilmPreparation extends StoredFilms {
  /** Side of the encoder's input in px. */
  readonly imageSide: number;
}

/** The input of encoders that take any square grey film: one channel, standardised. */
export function squareInput(side: number): EncoderInput {
  return { height: side, width: side, channels: 1, scaling: 'standardised' };
}

/**
 * Films as most encoders read them: square, grey, standardised.
 * @param bytes films one after the other, side × side grey bytes each.
 * @param augmentations one a film; left out for validation and test.
 * @returns [films, imageSide, imageSide, 1], of about zero mean and unit variance.
 * @throws RangeError when bytes, sides or the number of augmentations do not fit.
 */
export function prepareFilms(
  bytes: Uint8Array,
  { imageSide, ...stored }: FilmPreparation,
  augmentations?: readonly FilmAugmentation[],
): tf.Tensor4D {
  return prepareInput(bytes, stored, squareInput(imageSide), augmentations);
}

/**
 * Films as an encoder wants them. Augmentation comes before scaling, while black is 0 and intensities end at 1.
 * @param bytes films one after the other, side × side grey bytes each.
 * @param augmentations one a film; left out for validation and test.
 * @returns [films, height, width, channels]
 * @throws RangeError when bytes, sides or the number of augmentations do not fit.
 */
export function prepareInput(
  bytes: Uint8Array,
  { side, statistics }: StoredFilms,
  input: EncoderInput,
  augmentations?: readonly FilmAugmentation[],
): tf.Tensor4D {
  return tf.tidy(() => {
    const films = resizeFilmsTo(filmsFromBytes(bytes, side), input.height, input.width);
    const augmented = augmentations ? augmentFilms(films, augmentations) : films;
    return repeatChannels(scaleFilms(augmented, input.scaling, statistics), input.channels);
  });
}

/** @param films in [0, 1] */
function scaleFilms(
  films: tf.Tensor4D,
  scaling: IntensityScaling,
  statistics: IntensityStatistics,
): tf.Tensor4D {
  switch (scaling) {
    case 'zeroToOne':
      return films;
    case 'minusOneToOne':
      return tf.sub(tf.mul(films, 2), 1);
    case 'standardised':
      return standardiseFilms(films, statistics);
    default:
      return scaling satisfies never;
  }
}

function repeatChannels(films: tf.Tensor4D, channels: number): tf.Tensor4D {
  return channels === 1 ? films : tf.tile(films, [1, 1, 1, channels]);
}
