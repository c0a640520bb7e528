/**
 * Joins a run's logits with the rows of the cohort.
 */
import type { Cohort, CohortRow } from '../cohort/cohort.ts';
import type { Predictions } from '../study/job.ts';
import type { LabelledPredictions } from './study-export.ts';

/**
 * The predictions for one label with film, patient, truth and probability (the logistic function of the logit); films whose label is
 * missing are left out.
 * @throws RangeError when the label or a row is not in the cohort.
 */
export function labelPredictions(
  predictions: Predictions,
  label: string,
  cohort: Cohort,
  rows: readonly CohortRow[],
): LabelledPredictions {
  const column = cohort.labelNames.indexOf(label);
  if (column < 0) throw new RangeError(`labelPredictions: the cohort has no label "${label}"`);
  const imageIds: string[] = [];
  const patientIds: string[] = [];
  const labels: (0 | 1)[] = [];
  const probabilities: number[] = [];
  predictions.rows.forEach((index, i) => {
    const row = rows[index];
    if (!row) throw new RangeError(`labelPredictions: the cohort has no row ${index}`);
    const truth = row.labels[column];
    if (truth === null || truth === undefined) return;
    imageIds.push(row.imageId);
    patientIds.push(row.patientId);
    labels.push(truth);
    probabilities.push(logistic(predictions.logits[i]!));
  });
  return { imageIds, patientIds, labels, probabilities };
}

/** 1 / (1 + e^−x), without overflow for large |x|. */
export function logistic(logit: number): number {
  if (logit >= 0) return 1 / (1 + Math.exp(-logit));
  const power = Math.exp(logit);
  return power / (1 + power);
}
