/**
 * The chi-square distribution.
 */
import { upperIncompleteGamma } from '../distributions/special-functions.ts';

/** P(X > x) for X with the given degrees of freedom (> 0); 1 for x ≤ 0. */
export function chiSquareUpperTail(x: number, degreesOfFreedom: number): number {
  return upperIncompleteGamma(degreesOfFreedom / 2, Math.max(0, x) / 2);
}
