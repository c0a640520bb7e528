/**
 * The files of a folder, sorted by what they may be: films, tables, reports, and the rest.
 */
import { FileIndex } from './file-index.ts';
import type { FolderFile } from './importer.ts';
import { isTable } from './table.ts';

/** Endings of images, read or not: an image of another format is matched too, and then refused with its reason. */
export const imageEndings =
  /\.(png|jpe?g|jfif|dcm|dicom|ima|tiff?|bmp|gif|webp|jp2|j2k|j2c|jpx|jpf|jls|jxl|heic|heif|avif|nii(?:\.gz)?|nrrd|mha|mhd|npy)$/i;

/** Endings of the films that are read. */
export const readEndings = /\.(png|jpe?g|jfif)$/i;

/** The ending of reports. */
export const reportEndings = /\.txt$/i;

/** Hidden files and what operating systems leave behind. */
export const leftBehind = /(^|\/)(\.|__MACOSX\/|thumbs\.db$|desktop\.ini$)/i;

/** Archives, which are not unpacked. */
export const archiveEndings = /\.(zip|tar|tgz|tbz2|7z|rar|gz|bz2|xz|zst)$/i;

/** What a folder holds. */
export interface FolderContents {
  readonly films: readonly FolderFile[];
  readonly tables: readonly FolderFile[];
  readonly reports: readonly FolderFile[];
  /** What is none of these. */
  readonly others: readonly FolderFile[];
  readonly imageFileIndex: FileIndex;
  readonly reportIndex: FileIndex;
}

/** Whether two lists hold the same files, unchanged: then what was read of the one holds for the other. */
export function areSameFiles(a: readonly FolderFile[], b: readonly FolderFile[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ path, file }, i) => {
      const other = b[i]!;
      const isUnchanged = file.size === other.file.size && file.lastModified === other.file.lastModified;
      return path === other.path && isUnchanged;
    })
  );
}

/** Sorts the files by their names; hidden files and what operating systems leave behind are passed over. */
export function sortFolder(files: readonly FolderFile[]): FolderContents {
  const visible = files
    .filter(({ path }) => !leftBehind.test(path))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const films: FolderFile[] = [];
  const tables: FolderFile[] = [];
  const reports: FolderFile[] = [];
  const others: FolderFile[] = [];
  for (const file of visible) {
    if (imageEndings.test(file.path)) films.push(file);
    else if (isTable(file)) tables.push(file);
    else if (reportEndings.test(file.path)) reports.push(file);
    else others.push(file);
  }
  return {
    films,
    tables,
    reports,
    others,
    imageFileIndex: new FileIndex(films, imageEndings),
    reportIndex: new FileIndex(reports, reportEndings),
  };
}
