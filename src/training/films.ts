/**
 * Films on their way into an encoder that is trained or frozen.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { ImageEncoder } from '../models/encoder.ts';
import type { FilmAugmentation } from '../transforms/augment.ts';
import { prepareInput, squareInput, type StoredFilms } from '../transforms/prepare.ts';

/** Films of one batch on the host. */
export interface FilmInput {
  /** side × side grey bytes each, one after the other. */
  readonly bytes: Uint8Array;
  /** One a film; null for films as they are. */
  readonly augmentations: readonly FilmAugmentation[] | null;
}

/**
 * Embeddings [films, dimensions] of one batch.
 * @param imageSide of the input of encoders that do not say which input they want.
 * @param training true while gradients are recorded.
 */
export function embedFilms(
  encoder: ImageEncoder,
  { bytes, augmentations }: FilmInput,
  source: StoredFilms,
  imageSide: number,
  training: boolean,
): tf.Tensor2D {
  const input = encoder.input ?? squareInput(imageSide);
  return encoder.forward(prepareInput(bytes, source, input, augmentations ?? undefined), training);
}
