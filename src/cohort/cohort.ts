/**
 * What a cohort is: films of patients, each with a report, labels and a side of the split. Plain data, the same in the importer that
 * writes it, the database that keeps it and the trainer that reads it.
 */

/** The three sides of a patient-level split. */
export const splitNames = ['train', 'validation', 'test'] as const;

/** One side of the split. */
export type SplitName = (typeof splitNames)[number];

/** A label of one film: absent, present, or not known. A missing label is masked everywhere, never read as 0. */
export type LabelValue = 0 | 1 | null;

/**
 * What a value of an official split means: a side; 'trainValidation' = drawn by seed into training and validation, patients whole;
 * 'leaveOut' = the rows are left out.
 */
export type SplitMeaning = SplitName | 'trainValidation' | 'leaveOut';

/** Where a table puts a film: a side, "train or validation", or nothing said. */
export type StatedSide = SplitName | 'trainValidation' | null;

/** How the cells of a label's column are read; what is not plainly present or absent is not known. */
export type LabelReading =
  /** 0 and 1, yes and no, and their like. `blank` is what an empty cell means: not known, or absent (a box that was not ticked). */
  | { readonly kind: 'words'; readonly blank: 'missing' | 'absent' }
  /** Numbers: present from `atLeast` on. */
  | { readonly kind: 'threshold'; readonly atLeast: number }
  /** Words of the table's own; upper and lower case are one. */
  | { readonly kind: 'values'; readonly present: readonly string[]; readonly absent: readonly string[] };

/** One film with all that is known of it. The film's pixels are kept apart, under the row's index. */
export interface CohortRow {
  /** Position in the cohort, from 0; the film's pixels stand at the same position of the packs. */
  readonly index: number;
  readonly imageId: string;
  readonly patientId: string;
  /** The report's text; empty when the film has none. */
  readonly report: string;
  /** One value per label, in the order of the cohort's `labelNames`. */
  readonly labels: readonly LabelValue[];
  readonly split: SplitName;
  /** What else is known and may be looked at by group: sex, age, view, site … as found. */
  readonly groups: Readonly<Record<string, string>>;
}

/** How a film that is not square becomes square: the middle is kept, or black is added. */
export type SquareFit = 'crop' | 'pad';

/** Where a cohort's split comes from. */
export type SplitOrigin =
  | {
      readonly kind: 'column';
      readonly column: string;
      /** What each of its values was taken for; cohorts of older versions do not say. */
      readonly values?: Readonly<Record<string, SplitMeaning>>;
      /** What the column leaves open was drawn with these; absent where it names every side. */
      readonly drawn?: { readonly seed: number; readonly fractions: SplitFractions };
    }
  | { readonly kind: 'seeded'; readonly seed: number; readonly fractions: SplitFractions };

/** Shares of patients on each side; they sum to 1. */
export type SplitFractions = Readonly<Record<SplitName, number>>;

/** A file, row or value that could not be used, and why. */
export interface ImportProblem {
  /** File name, or "labels.csv row 18". */
  readonly where: string;
  /** What was found, what was expected, what to do: one or two sentences. */
  readonly reason: string;
  /** refused = left out of the cohort; warned = taken, with a doubt that the person should know of. */
  readonly severity: 'refused' | 'warned';
  /** A line that stands for so many rows or files of one kind; 1 when left out. */
  readonly count?: number;
}

/** A cohort as the database keeps it, without its rows and pixels. */
export interface Cohort {
  readonly id: string;
  readonly name: string;
  readonly source:
    | { readonly kind: 'folder'; readonly importer: string }
    | { readonly kind: 'synthetic'; readonly dials: Readonly<Record<string, number>> };
  /** SHA-256 over ids, patients, reports, labels, splits, film side and pixels. Equal cohorts have equal fingerprints. */
  readonly fingerprint: string;
  /** Films are side × side grey bytes. */
  readonly side: number;
  readonly fit: SquareFit;
  readonly labelNames: readonly string[];
  /** How labels were read that are not plain 0 and 1, by name. */
  readonly labelReadings?: Readonly<Record<string, LabelReading>>;
  readonly rowCount: number;
  readonly patientCount: number;
  readonly splitOrigin: SplitOrigin;
  readonly problems: readonly ImportProblem[];
  /** ISO 8601 time of the import. Not part of the fingerprint. */
  readonly createdAt: string;
}

/** Images per record of the database: enough for records of some megabytes, few enough to read one image quickly. */
export const imagesPerPack = 64;
