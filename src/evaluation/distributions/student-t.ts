/**
 * Student's t distribution. With infinitely many degrees of freedom it is the normal distribution.
 */
import { normalQuantile, normalUpperTail } from './normal.ts';
import { incompleteBeta } from './special-functions.ts';

/** From here on the normal distribution is right to six digits, and the beta function's fraction is slow. */
const manyDegrees = 1e6;

/** P(T > t) with the given degrees of freedom (> 0, ∞ allowed). */
export function studentUpperTail(t: number, degreesOfFreedom: number): number {
  if (degreesOfFreedom > manyDegrees) return normalUpperTail(t);
  const tail = incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5) / 2;
  return t >= 0 ? tail : 1 - tail;
}

/** P(|T| ≥ |t|), the two-sided p value of a t statistic. @param degreesOfFreedom > 0, ∞ allowed. */
export function studentTwoSidedP(t: number, degreesOfFreedom: number): number {
  return 2 * studentUpperTail(Math.abs(t), degreesOfFreedom);
}

/**
 * The t with P(T ≤ t) = p, by bisection to the last digit; −∞ at 0 and ∞ at 1.
 * @param degreesOfFreedom > 0, ∞ allowed. @throws RangeError unless p is in [0, 1] and there are degrees of freedom.
 */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  if (!(p >= 0 && p <= 1 && degreesOfFreedom > 0))
    throw new RangeError(
      `studentQuantile: need p in [0, 1] and degrees of freedom > 0, got ${p}, ${degreesOfFreedom}`,
    );
  if (degreesOfFreedom > manyDegrees) return normalQuantile(p);
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity;
  if (p < 0.5) return -studentQuantile(1 - p, degreesOfFreedom);
  let [low, high] = [0, 1];
  while (studentUpperTail(high, degreesOfFreedom) > 1 - p) [low, high] = [high, 2 * high];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (studentUpperTail(middle, degreesOfFreedom) > 1 - p) low = middle;
    else high = middle;
  }
}
