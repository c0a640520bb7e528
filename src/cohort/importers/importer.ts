/**
 * What an importer is: it looks at the files of a folder, says what it understood, and yields films with all that is known of them.
 */
import type { ImportProblem, LabelReading, LabelValue, SplitMeaning, StatedSide } from '../cohort.ts';

/** A file with its path inside the chosen folder, '/' between the parts. */
export interface FolderFile {
  readonly path: string;
  readonly file: File;
}

/** How a folder is to be read: which columns mean what. A person may correct it before anything is stored. */
export interface CohortMapping {
  readonly importer: string;
  /** Path of the labels table inside the folder. */
  readonly tablePath: string;
  readonly imageColumn: string;
  /** Null: every film counts as a patient of its own. */
  readonly patientColumn: string | null;
  /** A column with the report's text or its file name; null: a .txt beside the film, or beside its study's folder. */
  readonly reportColumn: string | null;
  readonly reportIs: 'text' | 'file';
  /** Further columns of text that follow the first in the report, such as the impression after the findings. */
  readonly reportParts: readonly string[];
  readonly splitColumn: string | null;
  /** What each value of the split column means; a value that is not here must be asked about. */
  readonly splitValues: Readonly<Record<string, SplitMeaning>>;
  readonly labelColumns: readonly string[];
  /** How label columns are read where plain 0 and 1 are not meant, by name. */
  readonly labelReadings: Readonly<Record<string, LabelReading>>;
  /** Columns kept for subgroups: sex, age, view, site … */
  readonly groupColumns: readonly string[];
  /** Patients whose names differ as spreadsheets change them (0042, 42, 42.0); null = not decided. */
  readonly patientSpellings: PatientSpellings | null;
}

/** What spellings of a patient that may be one are taken for: one patient, patients of their own, or rows to be left out. */
export type PatientSpellings = 'one' | 'several' | 'leaveOut';

/** One value of a column and the rows that hold it. */
export interface ColumnValue {
  readonly value: string;
  readonly count: number;
}

/** Kinds of text in a table: those of a report, and what stood before the film was read (`reason`) or tells of other films (`comparison`). */
export type TextKind = 'report' | 'findings' | 'impression' | 'reason' | 'comparison' | 'other';

/** A column of a labels table, described so that a person can say what it is. */
export interface ColumnDescription {
  readonly name: string;
  /** Up to five different values. */
  readonly examples: readonly string[];
  /** It holds present and absent in known words, and its name speaks of nothing else: taken as a label at first. */
  readonly couldBeLabel: boolean;
  /** Why it is not taken as a label at first, in a sentence; empty for those that are. */
  readonly labelNote: string;
  /** How it would be read as a label; null when a person must say it (a threshold, which words mean present). */
  readonly suggestedReading: LabelReading | null;
  /** Its different filled values, the most frequent first, twelve at most. */
  readonly values: readonly ColumnValue[];
  readonly distinctValues: number;
  readonly blanks: number;
  /** What kind of text it holds, by its name and cells; null for what is no text. */
  readonly text: TextKind | null;
  /** Smallest and largest, where all filled cells are numbers. */
  readonly numbers: { readonly low: number; readonly high: number } | null;
}

/** What only a person can know; an import waits for the answer. */
export type SurveyQuestion =
  | {
      readonly kind: 'splitValues';
      readonly column: string;
      readonly sentence: string;
      /** The values that have no meaning yet. */
      readonly values: readonly ColumnValue[];
    }
  | {
      readonly kind: 'patientSpellings';
      readonly column: string;
      readonly sentence: string;
      /** Spellings that may be one patient, ten groups at most. */
      readonly groups: readonly (readonly ColumnValue[])[];
    }
  | {
      readonly kind: 'labelReading';
      /** A chosen label whose cells cannot be read before it is said how. */
      readonly column: string;
      readonly sentence: string;
    };

/** One of the five pairs shown before an import. */
export interface PreviewPair {
  readonly imageId: string;
  readonly patientId: string;
  readonly report: string;
  readonly labels: Readonly<Record<string, LabelValue>>;
  readonly split: StatedSide;
  /** The film as side × side grey bytes. */
  readonly thumbnail: { readonly side: number; readonly pixels: Uint8Array };
}

/** What an importer understood of a folder, before anything is stored. */
export interface Survey {
  readonly mapping: CohortMapping;
  /** Tables found, the chosen one first. */
  readonly tables: readonly string[];
  /** All columns of the chosen table. */
  readonly columns: readonly ColumnDescription[];
  /** All values of the split column with what they are taken for; empty without such a column. */
  readonly splitValues: readonly (ColumnValue & { readonly meaning: SplitMeaning | null })[];
  /** What must be answered before an import. */
  readonly questions: readonly SurveyQuestion[];
  readonly tableRows: number;
  readonly images: number;
  /** Rows whose film and patient were found. */
  readonly usableRows: number;
  readonly patients: number;
  readonly reports: number;
  readonly labels: readonly {
    readonly name: string;
    readonly positive: number;
    readonly negative: number;
    readonly missing: number;
  }[];
  readonly preview: readonly PreviewPair[];
  readonly problems: readonly ImportProblem[];
}

/** An image on its way into the cohort: everything but its place in the split. */
export interface FoundImage {
  readonly imageId: string;
  readonly patientId: string;
  readonly report: string;
  readonly labels: readonly LabelValue[];
  readonly split: StatedSide;
  readonly groups: Readonly<Record<string, string>>;
  readonly file: File;
  readonly path: string;
}

/** How long work is watched and stopped. */
export interface Watch {
  /** What is being done, how far it is, and of how much; total 0 = not known. */
  onProgress(phase: string, done: number, total: number): void;
  readonly signal: AbortSignal;
}

/** One way of reading folders; a new layout is one file and one registry line. */
export interface Importer {
  readonly name: string;
  readonly label: string;
  /** How sure this importer is that the folder is of its kind, in [0, 1]; cheap, by names and headers only. */
  recognises(files: readonly FolderFile[]): Promise<number>;
  /** @throws StoppedError when the watch's signal asks for it. */
  survey(files: readonly FolderFile[], mapping: CohortMapping | null, watch?: Watch): Promise<Survey>;
  /**
   * All films that the mapping gives, and every file or row that it does not.
   * @throws InputError when a question of the survey is open; StoppedError when the watch's signal asks for it.
   */
  find(
    files: readonly FolderFile[],
    mapping: CohortMapping,
    watch?: Watch,
  ): Promise<{ films: readonly FoundImage[]; problems: readonly ImportProblem[] }>;
}
