/**
 * Mean and standard deviation of the training images' intensities, which encoders subtract and divide by. This file does not load the
 * tensor library.
 */

/** Mean and standard deviation of intensities in [0, 1], over the training images. */
export interface IntensityStatistics {
  readonly mean: number;
  readonly standardDeviation: number;
}

/**
 * Mean and standard deviation of the bytes of images, as intensities in [0, 1]; for the training images.
 * @param parts bytes of images, in as many parts as they are stored in.
 * @returns a standard deviation of 1 when all bytes are equal, so that dividing by it does no harm.
 * @throws RangeError when there is no byte.
 */
export function intensityStatistics(parts: Iterable<Uint8Array>): IntensityStatistics {
  const counts = new Float64Array(256);
  for (const bytes of parts) for (const byte of bytes) counts[byte]!++;
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) throw new RangeError('intensityStatistics: expected at least one byte, got none');
  const mean = counts.reduce((sum, count, byte) => sum + (count * byte) / 255, 0) / total;
  const variance = counts.reduce((sum, count, byte) => sum + count * (byte / 255 - mean) ** 2, 0) / total;
  return { mean, standardDeviation: variance > 0 ? Math.sqrt(variance) : 1 };
}
