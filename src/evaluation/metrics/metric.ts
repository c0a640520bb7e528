/**
 * What a metric of binary predictions is: a plain function of labels, probabilities and weights, and the same function prepared once
 * for many weightings of the same rows, which is what a bootstrap asks for.
 */

/** A metric of fixed rows as a function of their weights; undefined where the metric is not defined. No weights = each row once. */
export type WeightedMetric = (weights?: ArrayLike<number>) => number | undefined;

/** A metric of the registry. */
export interface Metric {
  /** As tables and axes show it. */
  readonly label: string;
  readonly better: 'higher' | 'lower';
  /** Needs a threshold: a row is called positive when its probability is at least the threshold. */
  readonly atThreshold: boolean;
  /** Reported in the findings with an interval; the others are computed on request. */
  readonly reported: boolean;
  /**
   * The metric of these rows as a function of weights, with all that does not depend on weights (sorting above all) done once.
   * @param labels [rows], each 0 or 1. @param probabilities [rows], finite. @param threshold used when `atThreshold`; 0.5 unless given.
   */
  prepare(labels: ArrayLike<number>, probabilities: ArrayLike<number>, threshold?: number): WeightedMetric;
  /** The metric of these rows. @param weights [rows], non-negative; each row once unless given. */
  compute(
    labels: ArrayLike<number>,
    probabilities: ArrayLike<number>,
    weights?: ArrayLike<number>,
    threshold?: number,
  ): number | undefined;
}

/** Completes a registry entry from its prepared form. */
export function metricFrom(
  entry: Omit<Metric, 'compute' | 'atThreshold'> & { readonly atThreshold?: boolean },
): Metric {
  return {
    ...entry,
    atThreshold: entry.atThreshold ?? false,
    compute: (labels, probabilities, weights, threshold) => {
      checkWeights(entry.label, labels.length, weights);
      return entry.prepare(labels, probabilities, threshold)(weights);
    },
  };
}

/** Checks that labels are 0 or 1 and that each has a finite probability. @throws RangeError naming the first row that is not so. */
export function checkRows(
  name: string,
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  low = -Infinity,
  high = Infinity,
): void {
  if (labels.length !== probabilities.length)
    throw new RangeError(
      `${name}: expected as many labels as probabilities, got ${labels.length} and ${probabilities.length}`,
    );
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 0 && labels[i] !== 1)
      throw new RangeError(`${name}: label ${i} must be 0 or 1, got ${labels[i]}`);
    const p = probabilities[i]!;
    if (!(Number.isFinite(p) && p >= low && p <= high))
      throw new RangeError(`${name}: probability ${i} must be finite and in [${low}, ${high}], got ${p}`);
  }
}

/** Checks that each row has one finite, non-negative weight. @throws RangeError otherwise. */
export function checkWeights(name: string, rows: number, weights: ArrayLike<number> | undefined): void {
  if (weights === undefined) return;
  if (weights.length !== rows)
    throw new RangeError(`${name}: expected ${rows} weights, one a row, got ${weights.length}`);
  for (let i = 0; i < rows; i++)
    if (!(weights[i]! >= 0 && weights[i]! < Infinity))
      throw new RangeError(`${name}: weight ${i} must be finite and at least 0, got ${weights[i]}`);
}
