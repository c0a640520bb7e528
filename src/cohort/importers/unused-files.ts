/**
 * Files of a folder that could matter but are not used. Each is reported, so that nothing is left out silently.
 */
import type { ProblemList } from '../problems.ts';
import { readSplitCell } from './cell-values.ts';
import { lastPart } from './file-index.ts';
import { archiveEndings, type FolderContents } from './folder-contents.ts';
import type { FolderFile } from './importer.ts';
import { aboutTheFolder } from './report-files.ts';
import { unreadTable } from './file-kind.ts';

const documents = /\.(rtf|docx?|odt|pdf|xml|html?|json|jsonl|ndjson)$/i;

/**
 * Warns of tables, texts, archives and documents that the cohort does not use.
 * @param used the table, and the reports that films have.
 */
export function warnOfUnused(
  { tables, reports, others }: FolderContents,
  used: { readonly tablePath: string; readonly reports: ReadonlySet<FolderFile> },
  problems: ProblemList,
): void {
  for (const { path } of tables)
    if (path !== used.tablePath)
      problems.warn(
        'tables that are not read',
        path,
        `One table is read, ${used.tablePath}. If this one holds rows, labels or a split of the cohort, put them into one table, or choose it instead.`,
      );
  for (const file of reports) {
    if (used.reports.has(file)) continue;
    if (listsASide(file.path))
      problems.warn(
        'lists of a split that are not read',
        file.path,
        `The text file is called like a list of one side of a split. Such lists are not read, and without a split column patients are drawn from all sides. Write the side of each film into a column of ${used.tablePath}.`,
      );
    else if (!aboutTheFolder.test(file.path))
      problems.warn(
        'text files that are not used',
        file.path,
        'The text file is the report of no film that is used. A report is found under the name of its film or of its study’s folder, or by a column that names the file.',
      );
  }
  for (const { path } of others) {
    const sentence = unreadTable(path) ?? otherFile(path);
    if (sentence !== null) problems.warn('files that are not read', path, sentence);
  }
}

/** Whether a word of the file's name is a side of a split: "test_list.txt", "trainCT_COVID.txt". */
function listsASide(path: string): boolean {
  return lastPart(path)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .some((word) => readSplitCell(word) !== null);
}

function otherFile(path: string): string | null {
  if (archiveEndings.test(path))
    return 'Archives are not unpacked here. Unpack it, and choose the folder again.';
  return documents.test(path)
    ? 'Files of this kind are not read. If it holds reports or labels, save them as text files (.txt) or as a table (.csv).'
    : null;
}
