/**
 * Two runs of one label beside each other on the films that both predicted, patient by patient.
 */
import { bootstrapP, resamplePatients } from '../evaluation/bootstrap.ts';
import { delong, delongTest } from '../evaluation/delong.ts';
import { auroc } from '../evaluation/metrics/auroc.ts';
import { Random } from '../random/random.ts';
import type { StatisticsSettings } from '../study/config.ts';
import type { Estimate } from '../study/findings/findings.ts';
import type { Predictions } from '../study/job.ts';
import { estimateOf, subtractMeasured, measureOn, type Measured } from '../study/cost/measurement.ts';
import type { LabelledPredictions } from './study-export.ts';

/** AUROC of both runs on one side's shared films, and left − right. */
export interface PairedAuroc {
  readonly films: number;
  readonly patients: number;
  readonly positives: number;
  readonly left: Estimate;
  readonly right: Estimate;
  /** left − right on the same resamples of patients. */
  readonly difference: Estimate;
  /** Two-sided, patient bootstrap; null where it is not defined. */
  readonly p: number | null;
  /** DeLong's test beside it, which takes films as independent. */
  readonly delongP: number | null;
}

/** Two runs compared. */
export interface RunComparison {
  readonly confidence: number;
  readonly resamples: number;
  readonly validation: PairedAuroc;
  /** Null while the study is not finished. */
  readonly test: PairedAuroc | null;
}

const unknown: Estimate = { value: null, low: null, high: null };

/** The predictions for the rows that both runs predicted, in the order of the cohort, so that they stand side by side. */
export function onSharedRows(left: Predictions, right: Predictions): [Predictions, Predictions] {
  const [ofLeft, ofRight] = [left, right].map(
    ({ rows, logits }) => new Map(rows.map((row, i) => [row, logits[i]!])),
  ) as [Map<number, number>, Map<number, number>];
  const rows = [...ofLeft.keys()].filter((row) => ofRight.has(row)).sort((a, b) => a - b);
  const on = (logits: ReadonlyMap<number, number>): Predictions => ({
    rows,
    logits: rows.map((row) => logits.get(row)!),
  });
  return [on(ofLeft), on(ofRight)];
}

/**
 * Compares the AUROCs of two runs' predictions for one label.
 * @throws RangeError when they are not for the same films in the same order; see `onSharedRows`.
 */
export function pairAurocs(
  left: LabelledPredictions,
  right: LabelledPredictions,
  { bootstrapSamples, confidence, seed }: StatisticsSettings,
): PairedAuroc {
  const { labels, patientIds, imageIds } = left;
  if (imageIds.length !== right.imageIds.length || imageIds.some((id, i) => id !== right.imageIds[i]))
    throw new RangeError('pairAurocs: both runs must bring predictions for the same films in the same order');
  const counts = {
    films: labels.length,
    patients: new Set(patientIds).size,
    positives: labels.filter((label) => label === 1).length,
  };
  if (labels.length === 0)
    return { ...counts, left: unknown, right: unknown, difference: unknown, p: null, delongP: null };
  const scores = [left.probabilities, right.probabilities];
  const statistics = scores.map((score) => auroc.prepare(labels, score));
  const resamples = resamplePatients(patientIds, bootstrapSamples, new Random(seed).fork('runs'));
  const [a, b] = measureOn(resamples, statistics, { labels, patients: patientIds }) as [Measured, Measured];
  const difference = subtractMeasured(a, b);
  const covariance = delong(labels, scores);
  return {
    ...counts,
    left: estimateOf(a, confidence),
    right: estimateOf(b, confidence),
    difference: estimateOf(difference, confidence),
    p:
      difference.value === undefined
        ? null
        : (bootstrapP(difference.replicates, confidence, difference.rarerClassPatients) ?? null),
    delongP: covariance ? (delongTest(covariance, confidence).p ?? null) : null,
  };
}
