/**
 * Percentiles for few patients. The bootstrap's spread is that of the plug-in distribution, too small by √((n − 1) / n), and its percentiles stand
 * in for the normal's where n − 1 degrees of freedom ask for Student's: with few patients a percentile interval is too narrow. The expanded
 * percentile interval goes further out by just that (Hesterberg, The American Statistician 69, 2015, section 5.3).
 */
import { normalQuantile, normalUpperTail } from './distributions/normal.ts';
import { studentQuantile, studentTwoSidedP } from './distributions/student-t.ts';

/**
 * The share of replicates to leave in a tail so that the interval holds the truth as often as one with `tail` would of a normal statistic:
 * Φ(−√(n / (n − 1)) t₁₋tail,ₙ₋₁).
 * @param tail in (0, 0.5]. @param patients n ≥ 2 that the statistic rests on; ∞ leaves the tail as it is.
 * @throws RangeError with fewer than two patients, whose spread cannot be estimated.
 */
export function expandedTail(tail: number, patients: number): number {
  if (checkPatients(patients) === Infinity) return tail;
  return normalUpperTail(Math.sqrt(patients / (patients - 1)) * studentQuantile(1 - tail, patients - 1));
}

/**
 * The two-sided p that goes with the expanded interval: it is below α where the interval at 1 − α leaves 0 out, but for a resample or two at the border. The other way round of
 * `expandedTail`, so that the z that p stands for becomes a t.
 * @param p of the plain percentile interval, in (0, 1]. @param patients n ≥ 2; ∞ leaves p as it is.
 * @throws RangeError with fewer than two patients.
 */
export function expandedP(p: number, patients: number): number {
  if (checkPatients(patients) === Infinity) return p;
  return studentTwoSidedP(normalQuantile(p / 2) * Math.sqrt((patients - 1) / patients), patients - 1);
}

function checkPatients(patients: number): number {
  if (!(patients >= 2))
    throw new RangeError(`expanded percentile: need at least two patients, got ${patients}`);
  return patients;
}
