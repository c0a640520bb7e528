/**
 * Counts of a cohort's card: films, patients and prevalence on each side of the split.
 */
import { splitNames, type CohortRow, type SplitName } from '../../cohort/cohort.ts';

/** One side of the split. */
export interface SideCounts {
  readonly split: SplitName;
  readonly films: number;
  readonly patients: number;
  readonly reports: number;
  /** One per label, in the cohort's order. */
  readonly labels: readonly LabelCounts[];
}

/** Films by the value of one label. */
export interface LabelCounts {
  readonly positive: number;
  readonly known: number;
  readonly missing: number;
}

/** The counts of all three sides. */
export function countSides(rows: readonly CohortRow[], labelCount: number): SideCounts[] {
  return splitNames.map((split) => {
    const side = rows.filter((row) => row.split === split);
    return {
      split,
      films: side.length,
      patients: new Set(side.map((row) => row.patientId)).size,
      reports: side.filter((row) => row.report !== '').length,
      labels: Array.from({ length: labelCount }, (_, label) => countLabel(side, label)),
    };
  });
}

function countLabel(rows: readonly CohortRow[], label: number): LabelCounts {
  const values = rows.map((row) => row.labels[label] ?? null);
  const positive = values.filter((value) => value === 1).length;
  const missing = values.filter((value) => value === null).length;
  return { positive, missing, known: values.length - missing };
}
