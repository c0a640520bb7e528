/**
 * The smallest true difference that a comparison would find with a given probability (its power): afterwards from the standard error that was
 * seen, beforehand from the number of patients.
 */
import { normalQuantile } from './distributions/normal.ts';
import { studentQuantile } from './distributions/student-t.ts';

/** The power that "could have found" means throughout. */
export const usualPower = 0.8;

/**
 * (t₁₋α⸝₂ + t_power) × standard error, two-sided at α = 1 − confidence. With few degrees of freedom both quantiles are Student's, an
 * approximation to the noncentral t.
 * @param standardError of the difference, ≥ 0. @param degreesOfFreedom ∞ for the normal distribution.
 * @returns a difference in the unit of the standard error.
 */
export function detectableDifference(
  standardError: number,
  confidence: number,
  degreesOfFreedom = Infinity,
  power = usualPower,
): number {
  const quantile = (p: number): number => studentQuantile(p, degreesOfFreedom);
  return (quantile((1 + confidence) / 2) + quantile(power)) * standardError;
}

/** A comparison that is yet to be made: two classifiers on the same patients. */
export interface PlannedComparison {
  /** Patients with and without the label, at least one each. Patients, not films: films of a patient add less than patients do. */
  readonly positives: number;
  readonly negatives: number;
  /** The AUROC that both are expected to have, in (0, 1). */
  readonly auroc: number;
  /** Expected correlation between the two AUROCs over samples of patients, in [0, 1). */
  readonly correlation: number;
  /** Level of the two-sided interval, in (0, 1). */
  readonly confidence: number;
  /** Probability of finding the difference, in (0, 1). */
  readonly power: number;
}

/**
 * The smallest difference in AUROC that can be found: (z₁₋α⸝₂ + z_power) √(2 (1 − r) V), V the variance of one AUROC.
 * Hanley & McNeil, Radiology 148, 1983, equation for the standard error of a paired difference with equal variances.
 * @throws RangeError when a number is out of its range.
 */
export function detectableBefore(planned: PlannedComparison): number {
  const { correlation, confidence, power } = planned;
  if (!(correlation >= 0 && correlation < 1 && inside(confidence) && inside(power)))
    throw new RangeError(
      `detectableBefore: need correlation in [0, 1), confidence and power in (0, 1), got ${correlation}, ${confidence}, ${power}`,
    );
  const variance = 2 * (1 - correlation) * aurocVariance(planned);
  return (normalQuantile((1 + confidence) / 2) + normalQuantile(power)) * Math.sqrt(variance);
}

/**
 * Variance of an AUROC A from numbers alone: [A (1 − A) + (n₊ − 1)(A / (2 − A) − A²) + (n₋ − 1)(2A² / (1 + A) − A²)] / (n₊ n₋).
 * Hanley & McNeil, Radiology 143, 1982, equation 2; scores are taken as exponential, which is near to binormal ones and a little too wide.
 * @throws RangeError without a row of each class or with an AUROC outside (0, 1).
 */
export function aurocVariance({
  positives,
  negatives,
  auroc,
}: Pick<PlannedComparison, 'positives' | 'negatives' | 'auroc'>): number {
  if (!(positives >= 1 && negatives >= 1 && inside(auroc)))
    throw new RangeError(
      `aurocVariance: need at least one positive and one negative, AUROC in (0, 1), got ${positives}, ${negatives}, ${auroc}`,
    );
  const square = auroc ** 2;
  return (
    (auroc * (1 - auroc) +
      (positives - 1) * (auroc / (2 - auroc) - square) +
      (negatives - 1) * ((2 * square) / (1 + auroc) - square)) /
    (positives * negatives)
  );
}

function inside(share: number): boolean {
  return share > 0 && share < 1;
}
