/**
 * Standardises frozen features. The features of an encoder differ in scale by orders of magnitude, and a linear probe on them as they
 * are would only learn from the large ones.
 */

/** Mean and standard deviation of each feature over the training rows. */
export interface FeatureNormalisation {
  /** [dimensions] */
  readonly mean: Float32Array;
  /** [dimensions]; 1 where a feature never changes, so that it becomes 0 and not NaN. */
  readonly standardDeviation: Float32Array;
}

/** A feature whose standard deviation is below this share of its mean counts as constant, because the rest is rounding error. */
const constantShare = 1e-6;

/**
 * Computes mean and standard deviation of features over the training rows only.
 * @param features [rows, dimensions] row-major, all rows of the cohort.
 * @param trainingRows row indices, at least one.
 * @throws RangeError when there is no training row.
 */
export function fitFeatureNormalisation(
  features: Float32Array,
  dimensions: number,
  trainingRows: readonly number[],
): FeatureNormalisation {
  if (trainingRows.length === 0) throw new RangeError('fitFeatureNormalisation: no training row');
  const mean = new Float64Array(dimensions);
  const square = new Float64Array(dimensions);
  for (const row of trainingRows) {
    for (let d = 0; d < dimensions; d++) mean[d]! += features[row * dimensions + d]! / trainingRows.length;
  }
  for (const row of trainingRows) {
    for (let d = 0; d < dimensions; d++) {
      square[d]! += (features[row * dimensions + d]! - mean[d]!) ** 2 / trainingRows.length;
    }
  }
  const deviation = square.map((value, d) => {
    const root = Math.sqrt(value);
    return root > constantShare * Math.abs(mean[d]!) ? root : 1;
  });
  return { mean: Float32Array.from(mean), standardDeviation: Float32Array.from(deviation) };
}

/** (feature − mean) / standard deviation for every row, in a new array. @param features [rows, dimensions] row-major. */
export function normaliseFeatures(
  features: Float32Array,
  { mean, standardDeviation }: FeatureNormalisation,
): Float32Array {
  const dimensions = mean.length;
  return features.map((value, i) => (value - mean[i % dimensions]!) / standardDeviation[i % dimensions]!);
}
