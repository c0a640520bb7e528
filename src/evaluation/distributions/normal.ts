/**
 * The standard normal distribution.
 */
import { upperIncompleteGamma } from './special-functions.ts';

/** P(Z > z), accurate in the far tail too. */
export function normalUpperTail(z: number): number {
  const tail = upperIncompleteGamma(0.5, (z * z) / 2) / 2;
  return z >= 0 ? tail : 1 - tail;
}

/** P(Z ≤ z). */
export function normalCumulative(z: number): number {
  return normalUpperTail(-z);
}

/** P(|Z| ≥ |z|), the two-sided p value of a z statistic. */
export function normalTwoSidedP(z: number): number {
  return 2 * normalUpperTail(Math.abs(z));
}

/** The z with P(Z ≤ z) = p; −∞ at 0 and ∞ at 1. @throws RangeError unless p is in [0, 1]. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`normalQuantile: p must be in [0, 1], got ${p}`);
  if (p === 0) return -Infinity;
  if (p > 0.5) return -normalQuantile(1 - p);
  // A start that is right to some thousandths (Abramowitz & Stegun 26.2.23), then Newton's steps with Halley's correction.
  const t = Math.sqrt(-2 * Math.log(p));
  let z =
    (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let step = 0; step < 4; step++) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    if (density === 0) break;
    const newton = (normalCumulative(z) - p) / density;
    z -= newton / (1 + (newton * z) / 2);
  }
  return z;
}
