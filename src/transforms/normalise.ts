/**
 * From stored bytes to the numbers that encoders read, on the device.
 */
import * as tf from '@tensorflow/tfjs-core';

/**
 * Uploads films and scales them to [0, 1].
 * @param bytes films one after the other, side × side grey bytes each.
 * @returns [films, side, side, 1] in [0, 1]
 * @throws RangeError when the bytes are not a whole number of films.
 */
export function filmsFromBytes(bytes: Uint8Array, side: number): tf.Tensor4D {
  const films = bytes.length / (side * side);
  if (!Number.isInteger(films)) {
    throw new RangeError(
      `filmsFromBytes: ${bytes.length} bytes are not a whole number of films of ${side} × ${side}`,
    );
  }
  return tf.tidy(() => {
    const values = tf.tensor4d(bytes, [films, side, side, 1], 'int32');
    return tf.div<tf.Tensor4D>(tf.cast(values, 'float32'), 255);
  });
}
