/**
 * The expected calibration error: how far probabilities stand from the frequencies they promise.
 */
import { assignBins, uniformBorders } from '../calibration.ts';
import { checkRows, metricFrom, type WeightedMetric } from './metric.ts';

/** Bins of the reported ECE: ten of equal width, (k/10, (k + 1)/10], the first with 0. */
export const calibrationBinCount = 10;

/**
 * ECE = Σ (wₖ/w) |share of positives in bin k − mean probability in bin k| over bins of equal width, in [0, 1]
 * (Naeini, Cooper, Hauskrecht, AAAI 2015; probabilities of the positive class). Biased upwards on few rows. @returns undefined without rows.
 */
export const expectedCalibrationError = metricFrom({
  label: 'ECE',
  better: 'lower',
  reported: true,
  prepare,
});

function prepare(labels: ArrayLike<number>, probabilities: ArrayLike<number>): WeightedMetric {
  checkRows('expectedCalibrationError', labels, probabilities, 0, 1);
  const bins = assignBins(probabilities, uniformBorders(calibrationBinCount));
  // The bin's weight cancels: (wₖ/w) |Σ w y / wₖ − Σ w p / wₖ| = |Σ w (y − p)| / w.
  const residuals = Float64Array.from(probabilities, (p, i) => labels[i]! - p);
  return (weights) => {
    const sums = new Float64Array(calibrationBinCount);
    let total = 0;
    for (let i = 0; i < bins.length; i++) {
      const weight = weights ? weights[i]! : 1;
      sums[bins[i]!]! += weight * residuals[i]!;
      total += weight;
    }
    return total > 0 ? sums.reduce((sum, residual) => sum + Math.abs(residual), 0) / total : undefined;
  };
}
