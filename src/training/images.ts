/**
 * Images on their way into an encoder that is trained or frozen: bytes to the device, everything else there.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { imageWords, packImages } from '../kernels/image-bytes.ts';
import type { ImageEncoder } from '../models/encoder.ts';
import type { HostTensors } from '../tensors/host-tensor.ts';
import { augmentationTable, type ImageAugmentation } from '../transforms/augment.ts';
import { prepareInput, squareInput, type StoredImages } from '../transforms/prepare.ts';

/**
 * What a batch of images is on the host.
 * @param bytes side × side grey bytes an image, one after the other.
 * @param side of the stored images in px.
 * @param inputSide of the encoder's input in px, at which images are augmented.
 * @param augmentations one per image; null for images as they are.
 */
export function imageInputs(
  bytes: Uint8Array,
  side: number,
  inputSide: number,
  augmentations: readonly ImageAugmentation[] | null,
): HostTensors {
  const pixels = side ** 2;
  const count = bytes.length / pixels;
  return {
    films: { shape: [count, imageWords(pixels)], dtype: 'int32', values: packImages(bytes, pixels) },
    ...(augmentations && { augmentation: augmentationTable(augmentations, count, inputSide) }),
  };
}

/**
 * Embeddings [images, dimensions] of one batch.
 * @param inputs what `imageInputs` gave, on the device.
 * @param imageSide of the input of encoders that do not say which input they want.
 * @param training true while gradients are recorded.
 */
export function embedImages(
  encoder: ImageEncoder,
  { films, augmentation }: Readonly<Record<string, tf.Tensor>>,
  source: StoredImages,
  imageSide: number,
  training: boolean,
): tf.Tensor2D {
  const input = encoder.input ?? squareInput(imageSide);
  const table = (augmentation as tf.Tensor2D | undefined) ?? null;
  const prepared = prepareInput(films as tf.Tensor2D, source, input, table);
  return encoder.forward(prepared, training);
}
