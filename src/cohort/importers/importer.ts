/**
 * What an importer is: it looks at the files of a folder, says what it understood, and yields films with all that is known of them.
 */
import type { ImportProblem, LabelValue, SplitName } from '../cohort.ts';

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
  /** A column with the report's text or its file name; null: a .txt beside the film with the same stem. */
  readonly reportColumn: string | null;
  readonly reportIs: 'text' | 'file';
  readonly splitColumn: string | null;
  readonly labelColumns: readonly string[];
  /** Columns kept for subgroups: sex, age, view, site … */
  readonly groupColumns: readonly string[];
}

/** One of the five pairs shown before an import. */
export interface PreviewPair {
  readonly imageId: string;
  readonly patientId: string;
  readonly report: string;
  readonly labels: Readonly<Record<string, LabelValue>>;
  readonly split: SplitName | null;
  /** The film as side × side grey bytes. */
  readonly thumbnail: { readonly side: number; readonly pixels: Uint8Array };
}

/** What an importer understood of a folder, before anything is stored. */
export interface Survey {
  readonly mapping: CohortMapping;
  /** Tables found, the chosen one first. */
  readonly tables: readonly string[];
  /** All columns of the chosen table, each with up to five different values and whether it could be a label. */
  readonly columns: readonly {
    readonly name: string;
    readonly examples: readonly string[];
    readonly couldBeLabel: boolean;
  }[];
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

/** A film on its way into the cohort: everything but its place in the split. */
export interface FoundFilm {
  readonly imageId: string;
  readonly patientId: string;
  readonly report: string;
  readonly labels: readonly LabelValue[];
  readonly split: SplitName | null;
  readonly groups: Readonly<Record<string, string>>;
  readonly file: File;
  readonly path: string;
}

/** One way of reading folders; a new layout is one file and one registry line. */
export interface Importer {
  readonly name: string;
  readonly label: string;
  /** How sure this importer is that the folder is of its kind, in [0, 1]; cheap, by names and headers only. */
  recognises(files: readonly FolderFile[]): Promise<number>;
  survey(files: readonly FolderFile[], mapping: CohortMapping | null): Promise<Survey>;
  /** All films that the mapping gives, and every file or row that it does not. */
  find(
    files: readonly FolderFile[],
    mapping: CohortMapping,
  ): Promise<{ films: readonly FoundFilm[]; problems: readonly ImportProblem[] }>;
}
