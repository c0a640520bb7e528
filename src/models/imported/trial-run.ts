/**
 * A person's own model run once on a film of squares, before it is kept.
 */
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../errors.ts';
import type { EncoderInput } from '../../transforms/prepare.ts';

/**
 * Embeds one film.
 * @param embed films [1, height, width, channels] to embeddings [1, dimensions].
 * @returns the embedding's length.
 * @throws InputError when it has none, or holds a number that is not finite.
 */
export async function trialRun(
  embed: (films: tf.Tensor4D) => tf.Tensor2D,
  { height, width, channels }: Omit<EncoderInput, 'scaling'>,
  fileName: string,
): Promise<number> {
  const embedding = tf.tidy(() => embed(chequered(height, width, channels)));
  const [films, dimensions] = embedding.shape;
  const values = await embedding.data();
  embedding.dispose();
  if (films !== 1 || dimensions === 0)
    throw new InputError(`${fileName} gives ${films} embeddings of ${dimensions} numbers for one film.`);
  if (!values.every(Number.isFinite))
    throw new InputError(
      `${fileName} gives numbers that are not finite, so its weights are damaged or not meant for images. Convert it again.`,
    );
  return dimensions;
}

/** A film of squares in [0, 1]. @returns [1, height, width, channels] */
function chequered(height: number, width: number, channels: number): tf.Tensor4D {
  const values = new Float32Array(height * width * channels);
  for (let i = 0; i < values.length; i++) {
    const pixel = Math.floor(i / channels);
    values[i] = ((Math.floor(pixel / width) >> 2) + ((pixel % width) >> 2)) % 2;
  }
  return tf.tensor4d(values, [1, height, width, channels]);
}
