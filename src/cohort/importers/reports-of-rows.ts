/**
 * The reports of a table's rows: text in its columns, files that a column names, or files where the films lie.
 */
import type { Breath } from '../../progress/breath.ts';
import type { ProblemList } from '../problems.ts';
import { reportEndings, type FolderContents } from './folder-contents.ts';
import type { CohortMapping, FolderFile } from './importer.ts';
import { isNothing } from './nothing.ts';
import type { PathMatch } from './path-join.ts';
import { findReportFiles } from './report-files.ts';
import { sourceOfCells, type ReportSource } from './report-source.ts';
import { joinTablePaths, warnOfPrefix } from './table-folder.ts';
import type { Table, TableRow } from './table.ts';

/** A row with its film. */
export interface RowOfFilm {
  readonly row: TableRow;
  readonly where: string;
  readonly film: FolderFile;
  readonly patientId: string;
  /** False where each film counts as a patient of its own. */
  readonly knownPatient: boolean;
}

/** The report of each row; where a file is missing that the table names, that is said. */
export async function findReports(
  rows: readonly RowOfFilm[],
  table: Table,
  mapping: CohortMapping,
  contents: FolderContents,
  problems: ProblemList,
  breath: Breath,
): Promise<ReportSource[]> {
  const { reportColumn, reportParts, reportIs } = mapping;
  if (reportColumn === null) {
    const owned = rows.map(({ film, patientId, knownPatient }) => ({
      film,
      patientId: knownPatient ? patientId : null,
    }));
    const { files, prefixes } = await findReportFiles(owned, contents, breath);
    for (const prefix of prefixes) warnOfPrefix(prefix, 'reports', 'Whole folder', problems);
    return files.map((file) => (file ? { kind: 'file', file } : { kind: 'none' }));
  }
  const [first, ...parts] = [reportColumn, ...reportParts].map((name) => table.columns.indexOf(name));
  if (reportIs === 'text') {
    const places = [first!, ...parts];
    warnOfEmptyWords(rows, table, mapping, places, problems);
    return rows.map(({ row }) => sourceOfCells(places.map((place) => row.cells[place]!)));
  }
  const cells = rows.map(({ row }) => row.cells[first!]!);
  const named = { files: contents.reports, index: contents.reportIndex, endings: reportEndings };
  const { matches, prefix } = await joinTablePaths(cells, table.path, named, breath);
  warnOfPrefix(prefix, 'reports', `${table.path}, column “${reportColumn}”`, problems);
  return rows.map(({ where }, i): ReportSource => {
    const match = matches[i]!;
    if (match.kind === 'found') return { kind: 'file', file: match.file };
    if (!isNothing(cells[i]!)) problems.warn('reports not found', where, reportFault(cells[i]!, match));
    return { kind: 'none' };
  });
}

/** One warning for all cells that hold a word for "no report". */
function warnOfEmptyWords(
  rows: readonly RowOfFilm[],
  table: Table,
  { reportColumn }: CohortMapping,
  places: readonly number[],
  problems: ProblemList,
): void {
  const words = new Map<string, number>();
  for (const { row } of rows)
    for (const place of places) {
      const cell = row.cells[place]!;
      if (cell !== '' && isNothing(cell)) words.set(cell, (words.get(cell) ?? 0) + 1);
    }
  const total = [...words.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return;
  const shown = [...words.keys()].slice(0, 10).map((word) => `“${word}”`);
  problems.warn(
    'cells that say that there is no report',
    `${table.path}, column “${reportColumn}”`,
    `${total} ${total === 1 ? 'cell says' : 'cells say'} that there is no report (${shown.join(', ')}${words.size > 10 ? ' …' : ''}); such a film has none, or only its other parts.`,
  );
}

function reportFault(cell: string, match: Exclude<PathMatch, { kind: 'found' }>): string {
  if (match.kind === 'ambiguous')
    return `The report “${cell}” fits ${match.count} files; write the path with its folders. The film is taken without a report.`;
  return match.near
    ? `The report “${cell}” is not in the folder; ${match.near.path} has a name like it, but other folders. The film is taken without a report.`
    : `No report is called “${cell}”; add the file. The film is taken without a report.`;
}
