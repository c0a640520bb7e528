/**
 * How often a label is present, absent and unknown, and whether a study can use it.
 */
import { splitNames, type CohortRow, type LabelValue, type SplitName } from './cohort.ts';

/** Films by what is known of one label. */
export interface LabelCounts {
  readonly positive: number;
  readonly negative: number;
  readonly missing: number;
}

/** One label of a cohort. */
export interface LabelSummary extends LabelCounts {
  readonly name: string;
  readonly index: number;
  /** Share of the observed films on which the label is present, in [0, 1]; null when none is observed. */
  readonly prevalence: number | null;
  readonly bySplit: Readonly<Record<SplitName, LabelCounts>>;
  /** Patients with the label on any film, and patients with an observed label. */
  readonly positivePatients: number;
  readonly observedPatients: number;
  /** Both classes are on each side of the split: only then can a model be trained, tuned and tested. */
  readonly usable: boolean;
}

/** Counts one value list. */
export function countValues(values: readonly LabelValue[]): LabelCounts {
  const count = (wanted: LabelValue): number =>
    values.reduce<number>((sum, value) => sum + Number(value === wanted), 0);
  return { positive: count(1), negative: count(0), missing: count(null) };
}

/** A summary of each label, in the cohort's order. */
export function summariseLabels(rows: readonly CohortRow[], labelNames: readonly string[]): LabelSummary[] {
  return labelNames.map((name, index) => {
    const all = countValues(rows.map(({ labels }) => labels[index] ?? null));
    const bySplit = Object.fromEntries(
      splitNames.map((side) => [side, countsOnSide(rows, index, side)]),
    ) as Record<SplitName, LabelCounts>;
    const observed = all.positive + all.negative;
    return {
      name,
      index,
      ...all,
      prevalence: observed > 0 ? all.positive / observed : null,
      bySplit,
      positivePatients: countPatients(rows, index, (value) => value === 1),
      observedPatients: countPatients(rows, index, (value) => value !== null),
      usable: splitNames.every((side) => bySplit[side].positive > 0 && bySplit[side].negative > 0),
    };
  });
}

/** Names of the labels with both classes on each side of the split. */
export function usableLabels(rows: readonly CohortRow[], labelNames: readonly string[]): string[] {
  return summariseLabels(rows, labelNames)
    .filter(({ usable }) => usable)
    .map(({ name }) => name);
}

function countsOnSide(rows: readonly CohortRow[], label: number, side: SplitName): LabelCounts {
  return countValues(rows.filter(({ split }) => split === side).map(({ labels }) => labels[label] ?? null));
}

function countPatients(
  rows: readonly CohortRow[],
  label: number,
  counts: (value: LabelValue) => boolean,
): number {
  return new Set(rows.filter(({ labels }) => counts(labels[label] ?? null)).map(({ patientId }) => patientId))
    .size;
}
