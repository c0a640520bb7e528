/**
 * What a test set can show before anything is trained: the smallest difference in AUROC that a study could find, label by label.
 */
import type { CohortRow } from '../cohort/cohort.ts';
import { detectableBefore, usualPower } from '../evaluation/detectable-difference.ts';
import type { StudyConfig } from './config.ts';
import { fewestPatients } from './findings/paired-difference.ts';

/**
 * What is assumed: classifiers of AUROC 0.75, the middle of what is worth a study (a better one has smaller differences to find), and a
 * correlation of 0.8 between two of them, as for the same encoder on the same films, averaged over seeds; training runs that differ more
 * are less alike.
 */
export const assumed = { auroc: 0.75, correlation: 0.8, power: usualPower } as const;

/** A smallest difference of more than this many margins is too coarse for most questions. */
const coarseMargins = 3;

/** One label's test patients and what they can show. */
export interface Detectable {
  readonly label: string;
  /** Test patients whose label is known. */
  readonly patients: number;
  /** Of these, patients with at least one positive film. */
  readonly positives: number;
  /** Differences in AUROC below ± this will not be found, in 4 of 5 studies at least; null with fewer than `fewestPatients` of either class, on whom no verdict will stand. */
  readonly difference: number | null;
  /** More than three times the study's margin. */
  readonly coarse: boolean;
}

/**
 * For each label of the study. Patients are counted and not films, because many films of few patients would make the estimate too
 * optimistic. Variation over seeds is not included and adds to it.
 * @param labelNames of the cohort, in the order of each row's labels; a label that is not among them is left out.
 */
export function detectableDifferences(
  { labels, statistics }: Pick<StudyConfig, 'labels' | 'statistics'>,
  rows: readonly CohortRow[],
  labelNames: readonly string[],
): readonly Detectable[] {
  const test = rows.filter(({ split }) => split === 'test');
  return labels
    .filter((label) => labelNames.includes(label))
    .map((label) => {
      const { patients, positives } = countPatients(test, labelNames.indexOf(label));
      const negatives = patients - positives;
      const difference =
        Math.min(positives, negatives) < fewestPatients
          ? null
          : detectableBefore({ positives, negatives, confidence: statistics.confidence, ...assumed });
      const coarse = difference !== null && difference > coarseMargins * statistics.margin;
      return { label, patients, positives, difference, coarse };
    });
}

function countPatients(rows: readonly CohortRow[], label: number): { patients: number; positives: number } {
  const known = rows.filter(({ labels }) => labels[label] !== null);
  const positive = known.filter(({ labels }) => labels[label] === 1);
  const count = (of: readonly CohortRow[]): number => new Set(of.map(({ patientId }) => patientId)).size;
  return { patients: count(known), positives: count(positive) };
}
