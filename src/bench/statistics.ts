/**
 * Statistics of the bench's times. Times on one machine vary twofold; ratios of runs made side by side do not.
 */

/** Where a set of numbers lies. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** The middle value, or the mean of the two middle ones. @throws RangeError for no values. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('median: expected at least one value, got none');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Median, least and most. @throws RangeError for no values. */
export function spreadOf(values: readonly number[]): Spread {
  return {
    median: median(values),
    low: Math.min(...values),
    high: Math.max(...values),
    count: values.length,
  };
}

/**
 * How many times longer the peer takes: the ratios peer / ours of turns that followed one another, not the ratio of two medians, so a
 * machine that is slow for a while slows both parts of a ratio.
 * @param peer, ours times of the same turns, > 0; the longer one's surplus is left out.
 * @throws RangeError when there is no pair or a time is not positive.
 */
export function pairedRatio(peer: readonly number[], ours: readonly number[]): Spread {
  const pairs = Math.min(peer.length, ours.length);
  const ratios = Array.from({ length: pairs }, (_, i) => {
    const [a, b] = [peer[i]!, ours[i]!];
    if (!(a > 0 && b > 0)) throw new RangeError(`pairedRatio: times must be positive, got ${a} and ${b}`);
    return a / b;
  });
  return spreadOf(ratios);
}

/** ‖got − wanted‖₂ / ‖wanted‖₂ over all parts; Infinity when a number is not finite, parts differ in size or all that is wanted is 0. */
export function relativeError(
  got: readonly (ArrayLike<number> | undefined)[],
  wanted: readonly ArrayLike<number>[],
): number {
  let [apart, whole] = [0, 0];
  for (const [i, part] of wanted.entries()) {
    const other = got[i];
    if (other?.length !== part.length) return Infinity;
    for (let j = 0; j < part.length; j++) {
      apart += (other[j]! - part[j]!) ** 2;
      whole += part[j]! ** 2;
    }
  }
  const error = Math.sqrt(apart / whole);
  return Number.isFinite(error) ? error : Infinity;
}
