/**
 * The files of a folder, sorted by what they may be: films, tables, reports.
 */
import { InputError } from '../../errors.ts';
import { FileIndex } from './file-index.ts';
import type { FolderFile } from './importer.ts';
import { isTable } from './table.ts';

/** Endings of films, read or not: a film of another format is matched too, and then refused with its reason. */
export const filmEndings = /\.(png|jpe?g|dcm|dicom|tiff?|bmp|gif|webp)$/i;

/** The ending of reports. */
export const reportEndings = /\.txt$/i;

/** What a folder holds. */
export interface FolderContents {
  readonly films: readonly FolderFile[];
  readonly tables: readonly FolderFile[];
  readonly filmIndex: FileIndex;
  readonly reportIndex: FileIndex;
}

/** Sorts the files by their names; hidden files and what operating systems leave behind are passed over. */
export function sortFolder(files: readonly FolderFile[]): FolderContents {
  const visible = files
    .filter(({ path }) => !/(^|\/)(\.|__MACOSX\/|thumbs\.db$|desktop\.ini$)/i.test(path))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const films = visible.filter(({ path }) => filmEndings.test(path));
  const reports = visible.filter(({ path }) => reportEndings.test(path));
  return {
    films,
    tables: visible.filter(isTable),
    filmIndex: new FileIndex(films, filmEndings),
    reportIndex: new FileIndex(reports, reportEndings),
  };
}

/** Passes a folder with films and a table. @throws InputError saying what is missing. */
export function checkFolder({ films, tables }: FolderContents): void {
  if (tables.length === 0)
    throw new InputError(
      'The folder holds no labels table. Add a .csv or .tsv file with one row a film: its file name, the patient, the labels.',
    );
  if (films.length === 0)
    throw new InputError(
      'The folder holds no films. Choose the folder that holds the PNG or JPEG files and the labels table.',
    );
}
