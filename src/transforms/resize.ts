/**
 * Resizing of square images on the device, without aliasing: two small matrix products, one per direction.
 */
import * as tf from '@tensorflow/tfjs-core';

/**
 * Resizes images with the triangle filter, widened when shrinking so that every pixel counts: what PIL calls BILINEAR and PyTorch
 * bilinear with antialias. Between a small and a large cohort side the image looks alike.
 * @param images [batch, height, width, 1]; at the size asked for they come back as they are.
 * @returns [batch, toHeight, toWidth, 1]
 * @throws RangeError unless both are whole numbers ≥ 1.
 */
export function resizeImages(images: tf.Tensor4D, toHeight: number, toWidth: number): tf.Tensor4D {
  const [batch, height, width] = images.shape;
  return tf.tidy(() => {
    let rows = tf.reshape<tf.Rank.R3>(images, [batch, height, width]);
    if (toHeight !== height) rows = tf.matMul(resizeWeights(height, toHeight), rows);
    if (toWidth !== width) rows = tf.matMul(rows, resizeWeights(width, toWidth), false, true);
    return tf.reshape<tf.Rank.R4>(rows, [batch, toHeight, toWidth, 1]);
  });
}

/** How much each old pixel has in each new one, rows summing to 1. [1, to, from] */
function resizeWeights(from: number, to: number): tf.Tensor3D {
  return tf.tensor3d(triangleWeights(from, to), [1, to, from]);
}

/**
 * The weights of the triangle filter along one direction, half-pixel centres: new pixel i looks at old pixels around
 * (i + 0.5)·scale with weights 1 − |distance| / max(scale, 1), normalised.
 * @returns [to × from], row by row.
 * @throws RangeError unless both sizes are whole numbers ≥ 1.
 */
export function triangleWeights(from: number, to: number): Float32Array {
  for (const size of [from, to]) {
    if (!(Number.isInteger(size) && size >= 1))
      throw new RangeError(`triangleWeights: sizes must be whole numbers ≥ 1, got ${size}`);
  }
  const scale = from / to;
  const reach = Math.max(scale, 1);
  const weights = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale;
    const raw = Array.from({ length: from }, (_, j) => Math.max(0, 1 - Math.abs(j + 0.5 - centre) / reach));
    const sum = raw.reduce((total, weight) => total + weight, 0);
    raw.forEach((weight, j) => (weights[i * from + j] = weight / sum));
  }
  return weights;
}
