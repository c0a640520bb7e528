/**
 * Equivalence: is a difference shown to be smaller than what matters? The absence of a significant difference does not show that.
 */
import { studentUpperTail } from './distributions/student-t.ts';

/**
 * p of two one-sided tests that the true difference lies outside ± margin: the larger of both (Schuirmann, Journal of Pharmacokinetics and
 * Biopharmaceutics 15, 1987). Below α, the interval at 1 − 2α lies within the margin.
 * @param standardError of the difference, ≥ 0; at 0 the p is 0 inside the margin and 1 outside. @param margin ≥ 0; at 0 nothing is equivalent.
 * @param degreesOfFreedom of Student's t; ∞, the normal distribution, unless given. @throws RangeError for a negative error or margin.
 */
export function equivalenceP(
  difference: number,
  standardError: number,
  margin: number,
  degreesOfFreedom = Infinity,
): number {
  if (!(standardError >= 0 && margin >= 0))
    throw new RangeError(
      `equivalenceP: standard error and margin must not be negative, got ${standardError}, ${margin}`,
    );
  if (standardError === 0) return Math.abs(difference) < margin ? 0 : 1;
  return studentUpperTail((margin - Math.abs(difference)) / standardError, degreesOfFreedom);
}
