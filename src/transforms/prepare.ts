/**
 * All that happens to films between the store and an encoder, in one call: upload, resize, augment, standardise.
 */
import * as tf from '@tensorflow/tfjs-core';
import { augmentFilms, type FilmAugmentation } from './augment.ts';
import { filmsFromBytes, standardiseFilms, type IntensityStatistics } from './normalise.ts';
import { resizeFilms } from './resize.ts';

/** How films become an encoder's input. */
export interface FilmPreparation {
  /** Side of the stored films in px. */
  readonly side: number;
  /** Side of the encoder's input in px. */
  readonly imageSide: number;
  /** Of the training films. */
  readonly statistics: IntensityStatistics;
}

/**
 * Films as an encoder reads them. Augmentation comes before standardising, while black is 0 and intensities end at 1.
 * @param bytes films one after the other, side × side grey bytes each.
 * @param augmentations one a film; left out for validation and test.
 * @returns [films, imageSide, imageSide, 1], of about zero mean and unit variance.
 * @throws RangeError when bytes, sides or the number of augmentations do not fit.
 */
export function prepareFilms(
  bytes: Uint8Array,
  { side, imageSide, statistics }: FilmPreparation,
  augmentations?: readonly FilmAugmentation[],
): tf.Tensor4D {
  return tf.tidy(() => {
    const films = resizeFilms(filmsFromBytes(bytes, side), imageSide);
    return standardiseFilms(augmentations ? augmentFilms(films, augmentations) : films, statistics);
  });
}
