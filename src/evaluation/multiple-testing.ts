/**
 * Adjusted p values for several tests at once. Each function gives, in the order of its input, the smallest level at which the test
 * would still be rejected; reject where adjusted p ≤ α.
 */

/** Holm's step-down adjustment: family-wise error without assumptions (Scandinavian Journal of Statistics 6, 1979). */
export function holm(p: readonly number[]): number[] {
  const adjusted = new Array<number>(p.length);
  let largest = 0;
  ascending(p).forEach((i, rank) => {
    largest = Math.max(largest, Math.min(1, p[i]! * (p.length - rank)));
    adjusted[i] = largest;
  });
  return adjusted;
}

/** Bonferroni's adjustment: family-wise error, never less strict than Holm's. */
export function bonferroni(p: readonly number[]): number[] {
  checkP(p);
  return p.map((value) => Math.min(1, value * p.length));
}

/** Benjamini and Hochberg's step-up adjustment: false discovery rate (Journal of the Royal Statistical Society B 57, 1995). */
export function benjaminiHochberg(p: readonly number[]): number[] {
  const adjusted = new Array<number>(p.length);
  let smallest = 1;
  const order = ascending(p);
  for (let rank = p.length - 1; rank >= 0; rank--) {
    const i = order[rank]!;
    smallest = Math.min(smallest, (p[i]! * p.length) / (rank + 1));
    adjusted[i] = smallest;
  }
  return adjusted;
}

function ascending(p: readonly number[]): number[] {
  checkP(p);
  return p.map((_, i) => i).sort((a, b) => p[a]! - p[b]!);
}

function checkP(p: readonly number[]): void {
  p.forEach((value, i) => {
    if (!(value >= 0 && value <= 1))
      throw new RangeError(`adjusted p: p[${i}] must be in [0, 1], got ${value}`);
  });
}
