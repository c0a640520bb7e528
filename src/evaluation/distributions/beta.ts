/**
 * The beta distribution and, through it, the binomial.
 */
import { incompleteBeta } from './special-functions.ts';

/** The x with P(B ≤ x) = p for B ~ Beta(a, b), by bisection to the last digit. @throws RangeError unless p is in [0, 1]. */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`betaQuantile: p must be in [0, 1], got ${p}`);
  let low = 0;
  let high = 1;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (incompleteBeta(middle, a, b) < p) low = middle;
    else high = middle;
  }
}

/** P(X ≤ k) for X ~ Binomial(n, share), share in [0, 1]. */
export function binomialCumulative(k: number, n: number, share: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : incompleteBeta(1 - share, n - k, k + 1);
}
