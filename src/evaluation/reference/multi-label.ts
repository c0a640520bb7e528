/**
 * One number for several labels: a metric of each label on its own, averaged, or of all decisions thrown together.
 */
import type { Metric } from '../metrics/metric.ts';

/** macro: labels count alike; weighted: by their positive rows; micro: all (row, label) decisions as one set. */
export type Average = 'macro' | 'weighted' | 'micro';

/**
 * The metric of each label.
 * @param labels [rows][labels], each 0 or 1. @param probabilities [rows][labels]. @returns [labels], undefined where not defined.
 */
export function metricPerLabel(
  metric: Metric,
  labels: readonly (readonly number[])[],
  probabilities: readonly (readonly number[])[],
  threshold?: number,
): (number | undefined)[] {
  return (labels[0] ?? []).map((_, k) =>
    metric.compute(column(labels, k), column(probabilities, k), undefined, threshold),
  );
}

/**
 * The average of a metric over labels.
 * @param labels [rows][labels], each 0 or 1. @param probabilities [rows][labels].
 * @returns undefined when the metric of a label that counts is.
 */
export function averageOverLabels(
  metric: Metric,
  average: Average,
  labels: readonly (readonly number[])[],
  probabilities: readonly (readonly number[])[],
  threshold?: number,
): number | undefined {
  if (average === 'micro') return metric.compute(labels.flat(), probabilities.flat(), undefined, threshold);
  const values = metricPerLabel(metric, labels, probabilities, threshold);
  const weights = values.map((_, k) =>
    average === 'macro' ? 1 : column(labels, k).reduce((sum, label) => sum + label, 0),
  );
  return weightedAverage(values, weights);
}

/** Σ w x / Σ w over entries with weight; undefined when one of them is undefined or nothing has weight. */
export function weightedAverage(
  values: readonly (number | undefined)[],
  weights: readonly number[],
): number | undefined {
  const counted = values
    .map((value, i) => ({ value, weight: weights[i]! }))
    .filter(({ weight }) => weight > 0);
  if (counted.length === 0 || counted.some(({ value }) => value === undefined)) return undefined;
  const total = counted.reduce((sum, { weight }) => sum + weight, 0);
  return counted.reduce((sum, { value, weight }) => sum + value! * weight, 0) / total;
}

function column(matrix: readonly (readonly number[])[], k: number): number[] {
  return matrix.map((row) => row[k]!);
}
