/**
 * A cohort in numbers: films, patients, sides of the split, and each label's positives, negatives and missing values.
 */
import {
  splitNames,
  type Cohort,
  type CohortRow,
  type LabelReading,
  type SplitName,
  type SplitOrigin,
} from './cohort.ts';

/** Images and patients. */
export interface ImageCounts {
  readonly images: number;
  readonly patients: number;
}

/** Values of one label over films. */
export interface LabelCounts {
  readonly positives: number;
  readonly negatives: number;
  readonly missing: number;
}

/** A cohort as results name it; no film and no report is in it. */
export interface CohortCounts extends ImageCounts {
  readonly name: string;
  readonly fingerprint: string;
  /** Side of the stored films in px. */
  readonly side: number;
  readonly splitOrigin: SplitOrigin;
  /** How labels were read that are not plain 0 and 1, by name. */
  readonly labelReadings: Readonly<Record<string, LabelReading>>;
  readonly splits: Readonly<Record<SplitName, ImageCounts>>;
  /** By label, over all films and for each side of the split. */
  readonly labels: Readonly<Record<string, LabelCounts & Readonly<Record<SplitName, LabelCounts>>>>;
}

/** Counts a cohort. */
export function countCohort(cohort: Cohort, rows: readonly CohortRow[]): CohortCounts {
  const sides = bySide((name) => rows.filter((row) => row.split === name));
  return {
    name: cohort.name,
    fingerprint: cohort.fingerprint,
    side: cohort.side,
    ...countFilms(rows),
    splitOrigin: cohort.splitOrigin,
    labelReadings: cohort.labelReadings ?? {},
    splits: bySide((name) => countFilms(sides[name])),
    labels: Object.fromEntries(
      cohort.labelNames.map((label, column) => [
        label,
        { ...countLabel(rows, column), ...bySide((name) => countLabel(sides[name], column)) },
      ]),
    ),
  };
}

/** Films whose value of a label is known. */
export function knownFilms({ positives, negatives }: LabelCounts): number {
  return positives + negatives;
}

/** Films with a report that says something: one of blanks alone is none. */
export function countReports(rows: readonly CohortRow[]): number {
  return rows.filter(({ report }) => report.trim() !== '').length;
}

function bySide<T>(of: (name: SplitName) => T): Record<SplitName, T> {
  return Object.fromEntries(splitNames.map((name) => [name, of(name)])) as Record<SplitName, T>;
}

function countFilms(rows: readonly CohortRow[]): ImageCounts {
  return { images: rows.length, patients: new Set(rows.map((row) => row.patientId)).size };
}

function countLabel(rows: readonly CohortRow[], column: number): LabelCounts {
  const count = (value: 0 | 1): number => rows.filter((row) => row.labels[column] === value).length;
  const positives = count(1);
  const negatives = count(0);
  return { positives, negatives, missing: rows.length - positives - negatives };
}
