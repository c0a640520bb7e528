/**
 * Files of a folder that could matter and are not used: each is named, so that nothing is left out without a word.
 */
import type { ProblemList } from '../problems.ts';
import type { FolderContents } from './folder-contents.ts';
import type { FolderFile } from './importer.ts';
import { aboutTheFolder } from './report-files.ts';
import { unreadTable } from './file-kind.ts';

const archives = /\.(zip|tar|tgz|tar\.gz|tar\.bz2|tbz2|7z|rar|gz|bz2|xz|zst)$/i;

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
  for (const file of reports)
    if (!used.reports.has(file) && !aboutTheFolder.test(file.path))
      problems.warn(
        'text files that are not used',
        file.path,
        'The text file is the report of no film that is used. A report is found under the name of its film or of its study’s folder, or by a column that names the file.',
      );
  for (const { path } of others) {
    const sentence = unreadTable(path) ?? otherFile(path);
    if (sentence !== null) problems.warn('files that are not read', path, sentence);
  }
}

function otherFile(path: string): string | null {
  if (archives.test(path)) return 'Archives are not unpacked here. Unpack it, and choose the folder again.';
  return documents.test(path)
    ? 'Files of this kind are not read. If it holds reports or labels, save them as text files (.txt) or as a table (.csv).'
    : null;
}
