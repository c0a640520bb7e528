/**
 * Films on their way into an encoder that is trained or frozen: bytes to the device, everything else there.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { filmWords, packFilms } from '../kernels/film.ts';
import type { ImageEncoder } from '../models/encoder.ts';
import type { HostTensors } from '../tensors/host-tensor.ts';
import { augmentationTable, type FilmAugmentation } from '../transforms/augment.ts';
import { prepareInput, squareInput, type StoredFilms } from '../transforms/prepare.ts';

/**
 * What a batch of films is on the host.
 * @param bytes side × side grey bytes a film, one after the other.
 * @param side of the stored films in px.
 * @param inputSide of the encoder's input in px, at which films are augmented.
 * @param augmentations one a film; null for films as they are.
 */
export function filmInputs(
  bytes: Uint8Array,
  side: number,
  inputSide: number,
  augmentations: readonly FilmAugmentation[] | null,
): HostTensors {
  const pixels = side ** 2;
  const count = bytes.length / pixels;
  return {
    films: { shape: [count, filmWords(pixels)], dtype: 'int32', values: packFilms(bytes, pixels) },
    ...(augmentations && { augmentation: augmentationTable(augmentations, count, inputSide) }),
  };
}

/**
 * Embeddings [films, dimensions] of one batch.
 * @param inputs what `filmInputs` gave, on the device.
 * @param imageSide of the input of encoders that do not say which input they want.
 * @param training true while gradients are recorded.
 */
export function embedFilms(
  encoder: ImageEncoder,
  { films, augmentation }: Readonly<Record<string, tf.Tensor>>,
  source: StoredFilms,
  imageSide: number,
  training: boolean,
): tf.Tensor2D {
  const input = encoder.input ?? squareInput(imageSide);
  const table = (augmentation as tf.Tensor2D | undefined) ?? null;
  const prepared = prepareInput(films as tf.Tensor2D, source, input, table);
  return encoder.forward(prepared, training);
}
