/**
 * Films on their way into an encoder that is trained or frozen.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { ImageEncoder } from '../models/encoder.ts';
import type { FilmAugmentation } from '../transforms/augment.ts';
import { prepareFilms } from '../transforms/prepare.ts';
import type { FilmSource } from './data.ts';

/** Films of one batch on the host. */
export interface FilmInput {
  /** side × side grey bytes each, one after the other. */
  readonly bytes: Uint8Array;
  /** One a film; null for films as they are. */
  readonly augmentations: readonly FilmAugmentation[] | null;
}

/** Embeddings [films, dimensions] of one batch. @param training true while gradients are recorded. */
export function embedFilms(
  encoder: ImageEncoder,
  input: FilmInput,
  source: Pick<FilmSource, 'side' | 'statistics'>,
  imageSide: number,
  training: boolean,
): tf.Tensor2D {
  const preparation = { side: source.side, imageSide, statistics: source.statistics };
  return encoder.forward(prepareFilms(input.bytes, preparation, input.augmentations ?? undefined), training);
}
