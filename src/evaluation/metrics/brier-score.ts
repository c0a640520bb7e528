/**
 * The Brier score: mean squared distance between probability and outcome.
 */
import { checkRows, metricFrom, type WeightedMetric } from './metric.ts';
import { weightedMean } from './weighted-mean.ts';

/**
 * Brier score = mean (p − y)², in [0, 1]; 0 is perfect (Brier, Monthly Weather Review 78, 1950).
 * Defined with one class too. @returns undefined without rows.
 */
export const brierScore = metricFrom({ label: 'Brier score', better: 'lower', reported: true, prepare });

function prepare(labels: ArrayLike<number>, probabilities: ArrayLike<number>): WeightedMetric {
  checkRows('brierScore', labels, probabilities, 0, 1);
  return weightedMean(Float64Array.from(probabilities, (p, i) => (p - labels[i]!) ** 2));
}
