/**
 * What fine-tuning is given of a cohort: rows of each side of the split, and access to their films, reports and labels. Test rows are only
 * predicted at the end.
 */

import type { TextEncoderEntry } from '../models/encoder.ts';
import type { StoredImages } from '../transforms/prepare.ts';
import type { FitText } from './fitted-texts.ts';

/** Images by row, for training: how they are stored, and how to read their bytes. */
export interface ImageSource extends StoredImages {
  /** The images of these rows, side × side grey bytes each, one after the other. */
  read(rows: readonly number[]): Promise<Uint8Array>;
}

/** Frozen features of all rows, standardised with the training rows' mean and deviation. */
export interface FeatureMatrix {
  readonly dimensions: number;
  /** [rows of the cohort, dimensions], row-major. */
  readonly values: Float32Array;
}

/** Everything that a run may see. */
export interface FineTuningData {
  readonly trainingRows: readonly number[];
  readonly validationRows: readonly number[];
  readonly testRows: readonly number[];
  /** 0 or 1 for each row above; rows without the label are not among them. */
  readonly labels: ReadonlyMap<number, 0 | 1>;
  /** The report of each row of the cohort; shuffled among the training rows for the permuted control. */
  readonly reports: readonly string[];
  /** T, where it is not the registry's: a person's own. */
  readonly textEntry?: TextEncoderEntry;
  /** What T learns before training; `fitOnce` when left out. Runs that learn from the same reports may share it. */
  readonly fitText?: FitText;
  readonly films: ImageSource;
  /** For linear probes; null for full fine-tuning. */
  readonly features: FeatureMatrix | null;
  /** The teacher's logits for the training rows, on the scale of this run's loss (positives weighted); null when nobody teaches. */
  readonly teacherLogits: ReadonlyMap<number, number> | null;
}

/**
 * The weight of positive examples in the loss: negatives per positive among the training rows, kept within [1/20, 20], so that a rare
 * label is learned at all. @throws RangeError when one class is missing.
 */
export function positiveWeight(data: Pick<FineTuningData, 'trainingRows' | 'labels'>): number {
  const positives = data.trainingRows.filter((row) => data.labels.get(row) === 1).length;
  const negatives = data.trainingRows.length - positives;
  if (positives === 0 || negatives === 0) {
    throw new RangeError(
      `positiveWeight: training needs both classes, got ${positives} positive and ${negatives} negative films`,
    );
  }
  return Math.min(20, Math.max(1 / 20, negatives / positives));
}

/**
 * Logits at the cohort's prevalence from logits learned with weighted positives: weighting by w adds ln w to the log-odds, which is
 * taken off again (King and Zeng, "Logistic regression in rare events data", 2001, prior correction).
 */
export function priorCorrected(logits: ArrayLike<number>, weight: number): number[] {
  return Array.from(logits, (logit) => logit - Math.log(weight));
}
