/**
 * Grey levels of a film as a whole: mean, spread, percentiles, and the usual ways to bring them to one scale.
 */
import type { Grey } from './resize.ts';

/** Mean and population standard deviation of grey levels. @throws RangeError when there is none. */
export function meanAndDeviation(grey: Grey): { mean: number; deviation: number } {
  if (grey.length === 0) throw new RangeError('meanAndDeviation: expected at least one grey level');
  let sum = 0;
  for (const level of grey) sum += level;
  const mean = sum / grey.length;
  let squares = 0;
  for (const level of grey) squares += (level - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / grey.length) };
}

/**
 * Percentiles of grey levels, with linear interpolation between ranks (NumPy's default): rank (n − 1) · p / 100.
 * @param percents each in [0, 100].
 * @throws RangeError when there is no grey level or a percent is out of range.
 */
export function percentiles(grey: Grey, percents: readonly number[]): number[] {
  if (grey.length === 0) throw new RangeError('percentiles: expected at least one grey level');
  const levelAt = grey instanceof Float32Array ? ranksBySorting(grey) : ranksByCounting(grey);
  return percents.map((percent) => {
    if (!(percent >= 0 && percent <= 100))
      throw new RangeError(`percentiles: a percent must be in [0, 100], got ${percent}`);
    const rank = ((grey.length - 1) * percent) / 100;
    const below = levelAt(Math.floor(rank));
    return below + (levelAt(Math.ceil(rank)) - below) * (rank - Math.floor(rank));
  });
}

function ranksBySorting(grey: Float32Array): (rank: number) => number {
  const sorted = grey.slice().sort();
  return (rank) => sorted[rank]!;
}

/** Integer levels are counted: a large film needs no sorting. */
function ranksByCounting(grey: Uint8Array | Uint16Array): (rank: number) => number {
  const counts = new Uint32Array(65536);
  for (const level of grey) counts[level]!++;
  return (rank) => {
    let level = 0;
    for (let seen = counts[0]!; seen <= rank; seen += counts[level]!) level++;
    return level;
  };
}

/** (level − mean) / (standard deviation + epsilon) of the film's own mean and population standard deviation. */
export function standardised(grey: Grey, epsilon: number): Float64Array {
  const { mean, deviation } = meanAndDeviation(grey);
  return Float64Array.from(grey, (level) => (level - mean) / (deviation + epsilon));
}

/** (level / scale − mean) / deviation with given numbers, those of a data set. */
export function standardisedBy(grey: Grey, scale: number, mean: number, deviation: number): Float64Array {
  return Float64Array.from(grey, (level) => (level / scale - mean) / deviation);
}

/** Levels from low to high spread over [0, 1], those outside clipped; all 0 where low = high. */
export function windowed(grey: Grey, low: number, high: number): Float64Array {
  const width = high - low;
  return Float64Array.from(grey, (level) =>
    width > 0 ? Math.min(1, Math.max(0, (level - low) / width)) : 0,
  );
}
