/**
 * A labels table to be filled in: one row a film of the folder, with its path; patients, reports, split and labels are left to the person.
 */

import { leftBehind, readEndings } from './folder-contents.ts';

/** The columns, under names that the importer knows. */
const columns = ['image', 'patient_id', 'report', 'split', 'label_1'] as const;

/** Without it, spreadsheets read the file in the system's old encoding. */
const byteOrderMark = '\ufeff';

/** Paths that can be images, in the order of the alphabet; what operating systems leave behind is passed over. */
export function imagePaths(paths: Iterable<string>): string[] {
  return [...paths]
    .filter((path) => readEndings.test(path) && !leftBehind.test(path))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The table as UTF-8 text with a byte order mark (RFC 4180, lines ended by CRLF). @param films paths inside the folder. */
export function tableTemplate(films: readonly string[]): string {
  const empty = ','.repeat(columns.length - 1);
  const rows = films.map((path) => `${cellOf(path)}${empty}`);
  return `${byteOrderMark}${[columns.join(','), ...rows].join('\r\n')}\r\n`;
}

/**
 * A path as a cell. One that a spreadsheet would take for a formula begins with "./": it is the same path to the importer, where an
 * apostrophe would be part of the name.
 */
function cellOf(path: string): string {
  const harmless = /^[=+\-@\t\r]/.test(path) ? `./${path}` : path;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
