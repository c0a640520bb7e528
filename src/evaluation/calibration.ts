/**
 * Calibration: do outcomes happen as often as the probabilities say? Rows are binned by probability and each bin's mean probability
 * is held against its share of positive rows.
 */
import { checkRows, type WeightedMetric } from './metrics/metric.ts';

/** One bin that holds rows. */
export interface CalibrationBin {
  /** Mean probability of the bin's rows, in [0, 1]. */
  readonly meanProbability: number;
  /** Share of positive rows, in [0, 1]. */
  readonly shareOfPositives: number;
  /** Weight of the bin's rows. */
  readonly weight: number;
}

/** Side on which a probability on the border between two bins falls: (a, b] or [a, b). */
export type BorderRule = 'lowerBin' | 'upperBin';

/** Borders between `bins` bins of equal width over [0, 1]; bins − 1 numbers. */
export function uniformBorders(bins: number): number[] {
  checkBins(bins);
  return Array.from({ length: bins - 1 }, (_, i) => (i + 1) / bins);
}

/** Borders between `bins` bins of about equally many rows: quantiles of the probabilities, interpolated linearly. */
export function quantileBorders(probabilities: ArrayLike<number>, bins: number): number[] {
  checkBins(bins);
  const sorted = Float64Array.from(probabilities).sort();
  // Written as NumPy computes linspace and percentile, to fall on the same side of ties.
  return Array.from({ length: bins - 1 }, (_, i) => quantile(sorted, ((i + 1) * (1 / bins) * 100) / 100));
}

/**
 * The quantile of sorted numbers by linear interpolation between order statistics (Hyndman & Fan 1996, type 7).
 * @param sorted ascending, at least one. @param share in [0, 1].
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = (sorted.length - 1) * share;
  const low = Math.floor(place);
  const a = sorted[low]!;
  const b = sorted[Math.min(low + 1, sorted.length - 1)]!;
  const t = place - low;
  return t < 0.5 ? a + (b - a) * t : b - (b - a) * (1 - t);
}

/** The bin of each probability, from 0, by the borders between bins. */
export function assignBins(
  probabilities: ArrayLike<number>,
  borders: readonly number[],
  rule: BorderRule = 'lowerBin',
): Int32Array {
  return Int32Array.from(probabilities, (p) => {
    let bin = 0;
    while (bin < borders.length && (rule === 'lowerBin' ? p > borders[bin]! : p >= borders[bin]!)) bin++;
    return bin;
  });
}

/**
 * The calibration curve: bins that hold rows, in ascending order of probability.
 * @param labels [rows], each 0 or 1. @param probabilities [rows], in [0, 1].
 * @param borders from `uniformBorders` or `quantileBorders`.
 */
export function calibrationBins(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  borders: readonly number[],
  rule: BorderRule = 'lowerBin',
): CalibrationBin[] {
  checkRows('calibrationBins', labels, probabilities, 0, 1);
  const sums = Array.from({ length: borders.length + 1 }, () => ({ weight: 0, p: 0, y: 0 }));
  assignBins(probabilities, borders, rule).forEach((bin, row) => {
    const sum = sums[bin]!;
    sum.weight += 1;
    sum.p += probabilities[row]!;
    sum.y += labels[row]!;
  });
  return sums
    .filter(({ weight }) => weight > 0)
    .map(({ weight, p, y }) => ({ weight, meanProbability: p / weight, shareOfPositives: y / weight }));
}

/** How the bins' gaps become one number: mean, root mean square or largest. */
export type CalibrationNorm = 'l1' | 'l2' | 'max';

/** Calibration error over bins: Σ (wₖ/w) |gapₖ|, √(Σ (wₖ/w) gapₖ²) or max |gapₖ|; in [0, 1]. Undefined without rows. */
export function calibrationError(bins: readonly CalibrationBin[], norm: CalibrationNorm): number | undefined {
  const total = bins.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return undefined;
  const gaps = bins.map((bin) => Math.abs(bin.shareOfPositives - bin.meanProbability));
  if (norm === 'max') return Math.max(...gaps);
  const power = norm === 'l1' ? 1 : 2;
  return gaps.reduce((sum, gap, i) => sum + (bins[i]!.weight / total) * gap ** power, 0) ** (1 / power);
}

/**
 * The mean calibration error over fixed bins as a function of the rows' weights: Σ (wₖ/w) |share of positives in bin k − mean probability in bin
 * k|, in [0, 1]; without weights the 'l1' error of `calibrationBins`. Undefined without rows.
 * @param labels [rows], each 0 or 1. @param probabilities [rows], in [0, 1]. @param borders between bins; a probability on one is in the lower.
 */
export function weightedCalibrationError(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  borders: readonly number[],
): WeightedMetric {
  checkRows('weightedCalibrationError', labels, probabilities, 0, 1);
  const bins = assignBins(probabilities, borders);
  // The bin's weight cancels: (wₖ/w) |Σ w y / wₖ − Σ w p / wₖ| = |Σ w (y − p)| / w.
  const residuals = Float64Array.from(probabilities, (p, i) => labels[i]! - p);
  return (weights) => {
    const sums = new Float64Array(borders.length + 1);
    let total = 0;
    for (let i = 0; i < bins.length; i++) {
      const weight = weights ? weights[i]! : 1;
      sums[bins[i]!]! += weight * residuals[i]!;
      total += weight;
    }
    return total > 0 ? sums.reduce((sum, residual) => sum + Math.abs(residual), 0) / total : undefined;
  };
}

function checkBins(bins: number): void {
  if (!(Number.isInteger(bins) && bins >= 1))
    throw new RangeError(`calibration: bins must be a whole number of at least 1, got ${bins}`);
}
