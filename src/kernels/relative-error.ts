/**
 * How far computed numbers are from what they should be.
 */

/** Largest difference over the largest number wanted; Infinity where one is not finite, or where there are fewer or more than wanted. */
export function relativeError(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (got.length !== wanted.length) return Infinity;
  let [worst, largest] = [0, 1e-30];
  for (let i = 0; i < wanted.length; i++) {
    const distance = Math.abs(got[i]! - wanted[i]!);
    if (!(distance < Infinity)) return Infinity;
    worst = Math.max(worst, distance);
    largest = Math.max(largest, Math.abs(wanted[i]!));
  }
  return worst / largest;
}
