/**
 * The reports of a table's rows: text in its columns, files that a column names, or files where the films lie.
 */
import { countPhrase } from '../../count-words.ts';
import type { MessageBreaks } from '../../progress/message-breaks.ts';
import type { ProblemList } from '../problems.ts';
import { reportEndings, type FolderContents } from './folder-contents.ts';
import type { CohortMapping, FolderFile } from './importer.ts';
import { isNothing } from './nothing.ts';
import type { PathMatch } from './path-join.ts';
import { findReportFiles } from './report-files.ts';
import { sourceOfCells, type ReportSource } from './report-source.ts';
import { joinTablePaths, warnOfPrefix } from './table-folder.ts';
import type { Table, TableRow } from './table.ts';

/** All rows that were joined, beside the rows of the table that they come from. */
export interface RowsOfFilms {
  readonly rows: readonly { readonly where: string; readonly film: FolderFile; readonly patientId: string }[];
  readonly sources: readonly TableRow[];
  /** False where each film counts as a patient of its own. */
  readonly patientsAreKnown: boolean;
}

const none: ReportSource = { kind: 'none' };

/** The report of each row; where a file is missing that the table names, that is said. */
export async function findReports(
  { rows, sources, patientsAreKnown }: RowsOfFilms,
  table: Table,
  mapping: CohortMapping,
  contents: FolderContents,
  problems: ProblemList,
  breaks: MessageBreaks,
): Promise<ReportSource[]> {
  const { reportColumn, reportParts, reportIs } = mapping;
  if (reportColumn === null) {
    const owned = rows.map(({ film, patientId }) => ({
      film,
      patientId: patientsAreKnown ? patientId : null,
    }));
    const { files, prefixes } = await findReportFiles(owned, contents, breaks);
    for (const prefix of prefixes) warnOfPrefix(prefix, 'reports', 'Whole folder', problems);
    return files.map((file) => (file ? { kind: 'file', file } : none));
  }
  const [first, ...parts] = [reportColumn, ...reportParts].map((name) => table.columns.indexOf(name));
  if (reportIs === 'text') {
    const places = [first!, ...parts];
    warnOfEmptyWords(sources, table, mapping, places, problems);
    return sources.map(({ cells }) => sourceOfCells(places.map((place) => cells[place]!)));
  }
  const names = sources.map(({ cells }) => cells[first!]!);
  const named = { files: contents.reports, index: contents.reportIndex, endings: reportEndings };
  const { matches, prefix } = await joinTablePaths(names, table.path, named, breaks);
  warnOfPrefix(prefix, 'reports', `${table.path}, column “${reportColumn}”`, problems);
  return rows.map(({ where }, i): ReportSource => {
    const match = matches[i]!;
    if (match.kind === 'found') return { kind: 'file', file: match.file };
    if (!isNothing(names[i]!)) problems.warn('reports not found', where, reportFault(names[i]!, match));
    return none;
  });
}

/** One warning for all cells that hold a word for "no report". */
function warnOfEmptyWords(
  sources: readonly TableRow[],
  table: Table,
  { reportColumn }: CohortMapping,
  places: readonly number[],
  problems: ProblemList,
): void {
  const words = new Map<string, number>();
  for (const { cells } of sources)
    for (const place of places) {
      const cell = cells[place]!;
      if (cell !== '' && isNothing(cell)) words.set(cell, (words.get(cell) ?? 0) + 1);
    }
  const total = [...words.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return;
  const shown = [...words.keys()].slice(0, 10).map((word) => `“${word}”`);
  problems.warn(
    'cells that say that there is no report',
    `${table.path}, column “${reportColumn}”`,
    `${countPhrase(total, 'cell says', 'cells say')} that there is no report (${shown.join(', ')}${words.size > 10 ? ' …' : ''}); such a film has none, or only its other parts.`,
  );
}

function reportFault(cell: string, match: Exclude<PathMatch, { kind: 'found' }>): string {
  if (match.kind === 'ambiguous')
    return `The report “${cell}” fits ${match.count} files; write the path with its folders. The film is taken without a report.`;
  return match.near
    ? `The report “${cell}” is not in the folder; ${match.near.path} has a name like it, but other folders. The film is taken without a report.`
    : `No report is called “${cell}”; add the file. The film is taken without a report.`;
}
