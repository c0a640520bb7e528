/**
 * Frozen features: every film of the cohort through an encoder that is not trained, once.
 */
import * as tf from '@tensorflow/tfjs-core';
import { InputError, NotFiniteError } from '../errors.ts';
import { Random } from '../random/random.ts';
import type { FilmSource } from './data.ts';
import { buildRegisteredEncoder, type BuildImageEncoder } from './encoder-source.ts';
import { embedFilms } from './films.ts';
import type { EncoderChoice } from './fine-tuning.ts';

/** Films to a batch; features are small, so the batch is bounded by the encoder's activations. */
const batchSize = 32;

/** Features of the films so far. */
export interface FeaturesProgress {
  readonly done: number;
  readonly total: number;
}

/**
 * Computes the features of rows 0 … rowCount − 1, yielding after each batch; returns [rowCount, dimensions] row-major.
 * @throws NotFiniteError when a feature is not finite; InputError when the encoder does not exist.
 */
export async function* extractFeatures(
  choice: EncoderChoice,
  imageSide: number,
  seed: number,
  films: FilmSource,
  rowCount: number,
  assertAlive: () => void,
  buildImageEncoder: BuildImageEncoder = buildRegisteredEncoder,
): AsyncGenerator<FeaturesProgress, { dimensions: number; values: Float32Array<ArrayBuffer> }> {
  const encoder = await buildImageEncoder(choice, imageSide, new Random(seed).fork('imageEncoder'));
  try {
    const values = new Float32Array(rowCount * encoder.dimensions);
    for (let start = 0; start < rowCount; start += batchSize) {
      const count = Math.min(batchSize, rowCount - start);
      // The last batch is filled up with its last film, so that no shader is compiled anew for a shorter one.
      const rows = Array.from({ length: batchSize }, (_, i) => start + Math.min(i, count - 1));
      const input = { bytes: await films.read(rows), augmentations: null };
      const features = tf.tidy(() => embedFilms(encoder, input, films, imageSide, false));
      const numbers = await features.data();
      features.dispose();
      assertAlive();
      if (!numbers.every(Number.isFinite))
        throw new NotFiniteError(`A feature of films ${start} to ${start + count - 1} is not finite.`);
      values.set(numbers.subarray(0, count * encoder.dimensions), start * encoder.dimensions);
      yield { done: start + count, total: rowCount };
    }
    assertTellsFilmsApart(values, encoder.dimensions, rowCount);
    return { dimensions: encoder.dimensions, values };
  } finally {
    encoder.dispose();
  }
}

/** Features that are the same for every film come from a dead encoder or from films that did not arrive; nothing can be learned on them. */
function assertTellsFilmsApart(values: Float32Array, dimensions: number, rowCount: number): void {
  if (rowCount > 1 && values.every((value, i) => value === values[i % dimensions])) {
    throw new InputError(
      'The image encoder gives every film the same features. Either all films are equal, or the device computes wrongly; look at the films on the Cohort page.',
    );
  }
}
