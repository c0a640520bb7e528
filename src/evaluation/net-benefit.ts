/**
 * Net benefit: what a classifier is worth to somebody who treats above a threshold probability, in true positives per row.
 */
import { checkRows, type WeightedMetric } from './metrics/metric.ts';
import { weightedMean } from './metrics/weighted-mean.ts';

/**
 * Net benefit of treating the rows with a probability of at least pₜ, as a function of the rows' weights: true positives / n − false positives
 * / n × pₜ / (1 − pₜ), at most the prevalence (Vickers & Elkin, Medical Decision Making 26, 2006). Undefined without rows.
 * @param labels [rows], each 0 or 1. @param probabilities [rows], in [0, 1]. @param threshold pₜ in (0, 1).
 * @throws RangeError for rows or a threshold out of range.
 */
export function netBenefit(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  threshold: number,
): WeightedMetric {
  checkRows('netBenefit', labels, probabilities, 0, 1);
  if (!(threshold > 0 && threshold < 1))
    throw new RangeError(`netBenefit: threshold must be in (0, 1), got ${threshold}`);
  const harm = threshold / (1 - threshold);
  return weightedMean(
    Float64Array.from(probabilities, (p, row) => (p < threshold ? 0 : labels[row] === 1 ? 1 : -harm)),
  );
}
