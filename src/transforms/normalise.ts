/**
 * From stored bytes to the numbers that encoders read, on the device.
 */
import * as tf from '@tensorflow/tfjs-core';

/**
 * Uploads images and scales them to [0, 1].
 * @param bytes images one after the other, side × side grey bytes each.
 * @returns [images, side, side, 1] in [0, 1]
 * @throws RangeError when the bytes are not a whole number of images.
 */
export function imagesFromBytes(bytes: Uint8Array, side: number): tf.Tensor4D {
  const images = bytes.length / (side * side);
  if (!Number.isInteger(images)) {
    throw new RangeError(
      `imagesFromBytes: ${bytes.length} bytes are not a whole number of images of ${side} × ${side}`,
    );
  }
  return tf.tidy(() => {
    const values = tf.tensor4d(bytes, [images, side, side, 1], 'int32');
    return tf.div<tf.Tensor4D>(tf.cast(values, 'float32'), 255);
  });
}
