/**
 * Whether a condition's probabilities are calibrated on test patients, and whether a temperature fitted on validation patients improves
 * this.
 */
import { calibrationBins, quantileBorders, weightedCalibrationError } from '../../evaluation/calibration.ts';
import { wilsonInterval } from '../../evaluation/proportion-interval.ts';
import { fitTemperature } from '../../evaluation/temperature-scaling.ts';
import type { LabelledProbabilities } from './cell-curves.ts';
import type { Calibration, CalibrationPoint } from './findings.ts';
import { estimateOf, type LabelledRows, type Measurement } from '../cost/measurement.ts';

const mostBins = 10;
const filmsPerBin = 10;

/**
 * Calibration of the mean probability, and the same after temperature scaling. Bins hold about equally many films, at least ten where there are
 * so many; their Wilson intervals take films for independent, that of the error resamples patients. Null without films.
 * @param validation where the temperature is fitted.
 */
export function calibrationOf(
  probabilities: LabelledProbabilities,
  validation: LabelledProbabilities,
  test: LabelledRows,
  measurement: Measurement,
  confidence: number,
): Calibration | null {
  if (test.rows.length === 0) return null;
  const bin = (of: LabelledProbabilities) => reliability(of, test, measurement, confidence);
  const temperature = temperatureOf(validation);
  if (temperature === null) return { ...bin(probabilities), temperature, scaled: null };
  const scaled = probabilities.probabilities.map((p) => 1 / (1 + Math.exp(-logit(p) / temperature)));
  return {
    ...bin(probabilities),
    temperature,
    scaled: bin({ labels: probabilities.labels, probabilities: scaled }),
  };
}

function reliability(
  { labels, probabilities }: LabelledProbabilities,
  test: LabelledRows,
  measurement: Measurement,
  confidence: number,
): Pick<Calibration, 'bins' | 'error'> {
  const count = Math.min(mostBins, Math.max(1, Math.floor(labels.length / filmsPerBin)));
  const borders = quantileBorders(probabilities, count);
  const error = weightedCalibrationError(labels, probabilities, borders);
  return {
    bins: calibrationBins(labels, probabilities, borders).map(
      ({ meanProbability, shareOfPositives, weight }): CalibrationPoint => ({
        meanProbability,
        shareOfPositives: {
          value: shareOfPositives,
          ...wilsonInterval(Math.round(shareOfPositives * weight), weight, confidence),
        },
        films: weight,
      }),
    ),
    error: estimateOf(measurement.replicate([error], test)[0]!, confidence),
  };
}

/** Null where validation has one class only, or no temperature between 1/100 and 100 fits: classes set apart entirely, or ranked by chance. */
function temperatureOf({ labels, probabilities }: LabelledProbabilities): number | null {
  if (new Set(labels).size < 2) return null;
  const logits = probabilities.map((p) => [0, logit(p)]);
  const { temperature } = fitTemperature(logits, labels)!;
  return temperature > 0.01 && temperature < 100 ? temperature : null;
}

/** The logit of a probability, kept slightly away from 0 and 1, where rounding would make it infinite. */
function logit(probability: number): number {
  const p = Math.min(1 - 1e-12, Math.max(1e-12, probability));
  return Math.log(p / (1 - p));
}
