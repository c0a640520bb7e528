/**
 * The mean of one number per row, as a function of the rows' weights.
 */
import type { WeightedMetric } from './metric.ts';

/** Σ w x / Σ w; undefined when no row has weight. */
export function weightedMean(values: Float64Array): WeightedMetric {
  return (weights) => {
    let sum = 0;
    let total = 0;
    for (let i = 0; i < values.length; i++) {
      const weight = weights ? weights[i]! : 1;
      sum += weight * values[i]!;
      total += weight;
    }
    return total > 0 ? sum / total : undefined;
  };
}
