/**
 * A run's predictions film by film, the worst errors first.
 */
import type { CohortRow, SplitName } from '../../cohort/cohort.ts';
import { chooseThreshold } from '../../evaluation/choose-threshold.ts';
import { logistic } from '../../exports/labelled-predictions.ts';
import type { Predictions } from '../../study/job.ts';

/** The sides whose predictions are looked at. */
export type JudgedSide = Exclude<SplitName, 'train'>;

/** A prediction beside the truth. */
export interface PredictionRow {
  readonly row: CohortRow;
  readonly truth: 0 | 1;
  /** In [0, 1]. */
  readonly probability: number;
  /** |truth − probability|, in [0, 1]. */
  readonly error: number;
}

/** The four outcomes of a decision at a threshold, in the order of the confusion matrix. */
export const outcomes = ['truePositive', 'falseNegative', 'falsePositive', 'trueNegative'] as const;

/** One cell of the confusion matrix. */
export type Outcome = (typeof outcomes)[number];

/** Outcomes as people name them. */
export const outcomeWords: Readonly<Record<Outcome, string>> = {
  truePositive: 'true positive',
  falseNegative: 'false negative',
  falsePositive: 'false positive',
  trueNegative: 'true negative',
};

/**
 * The films with a known label, the largest error first; equal errors in the order of the cohort.
 * @param label index of the label in the rows' labels. @param rows of the cohort, by position.
 * @throws RangeError when a predicted row is not on that side: a prediction of another side must never be shown as one of this.
 */
export function predictionRows(
  { rows: predicted, logits }: Predictions,
  side: JudgedSide,
  label: number,
  rows: readonly CohortRow[],
): PredictionRow[] {
  const found = predicted.flatMap((index, place): PredictionRow[] => {
    const row = rows[index];
    if (row?.split !== side)
      throw new RangeError(`predictionRows: row ${index} was predicted as ${side} but is not on that side`);
    const truth = row.labels[label] ?? null;
    if (truth === null) return [];
    const probability = logistic(logits[place]!);
    return [{ row, truth, probability, error: Math.abs(truth - probability) }];
  });
  return found.sort((a, b) => b.error - a.error || a.row.index - b.row.index);
}

/** The threshold that validation predictions choose (Youden); null where they have one class only. */
export function thresholdOf(validation: readonly PredictionRow[]): number | null {
  const labels = validation.map(({ truth }) => truth);
  const probabilities = validation.map(({ probability }) => probability);
  return chooseThreshold(labels, probabilities) ?? null;
}

/** The cell of the confusion matrix that a film falls in; called positive when its probability is at least the threshold. */
export function outcomeOf({ truth, probability }: PredictionRow, threshold: number): Outcome {
  if (probability >= threshold) return truth === 1 ? 'truePositive' : 'falsePositive';
  return truth === 1 ? 'falseNegative' : 'trueNegative';
}

/** Head and lines of the table as a file. */
export function predictionsTable(
  rows: readonly PredictionRow[],
  label: string,
  threshold: number,
): (string | number)[][] {
  return [
    ['film', 'patient', 'side', `truth: ${label}`, 'probability', 'error', `at threshold ${threshold}`],
    ...rows.map((one) => [
      one.row.imageId,
      one.row.patientId,
      one.row.split,
      one.truth,
      one.probability,
      one.error,
      outcomeWords[outcomeOf(one, threshold)],
    ]),
  ];
}
