/**
 * The expected calibration error: how far probabilities are from observed frequencies.
 */
import { uniformBorders, weightedCalibrationError } from '../calibration.ts';
import { metricFrom } from './metric.ts';

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
  prepare: (labels, probabilities) =>
    weightedCalibrationError(labels, probabilities, uniformBorders(calibrationBinCount)),
});
