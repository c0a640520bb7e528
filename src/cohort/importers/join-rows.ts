/**
 * Brings the rows of a labels table together with the films and reports of the folder. Each row that does not fit is refused by its
 * number; the rest go on.
 */
import type { LabelValue, SplitName } from '../cohort.ts';
import type { ProblemList } from '../problems.ts';
import { labelValue, readLabelCell, readSplitCell } from './cell-values.ts';
import { valuesOf } from './column-roles.ts';
import type { FileMatch } from './file-index.ts';
import type { FolderContents } from './folder-contents.ts';
import type { CohortMapping, FolderFile } from './importer.ts';
import { patientInPath } from './patient-in-path.ts';
import { ReportFinder, type ReportSource } from './report-source.ts';
import type { Table, TableRow } from './table.ts';

/** A row with its film; the report is not read yet. */
export interface JoinedRow {
  /** "labels.csv row 18". */
  readonly where: string;
  readonly imageId: string;
  readonly patientId: string;
  readonly film: FolderFile;
  readonly report: ReportSource;
  readonly labels: readonly LabelValue[];
  readonly split: SplitName | null;
  readonly groups: Readonly<Record<string, string>>;
}

/** All rows whose film and patient were found; what was not goes to `problems`. */
export function joinRows(
  table: Table,
  mapping: CohortMapping,
  contents: FolderContents,
  problems: ProblemList,
): JoinedRow[] {
  const join = new Join(table, mapping, contents, problems);
  const rows = table.rows.map((row) => join.row(row)).filter((row) => row !== null);
  join.warnOfUncertain();
  refuseLeftFilms(rows, table, contents, problems);
  return rows;
}

/** One pass over a table; remembers what earlier rows took. */
class Join {
  readonly #table: Table;
  readonly #mapping: CohortMapping;
  readonly #contents: FolderContents;
  readonly #problems: ProblemList;
  readonly #reports: ReportFinder;
  readonly #columnOf: ReadonlyMap<string, number>;
  /** Cells that reach a file by its name alone; two of them cannot both be right. */
  readonly #cellsOfFile: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #patientsInPaths: boolean;
  readonly #takenBy = new Map<string, string>();
  readonly #spellings = new Map<string, string>();
  readonly #uncertain = new Map<string, number>();

  constructor(table: Table, mapping: CohortMapping, contents: FolderContents, problems: ProblemList) {
    this.#table = table;
    this.#mapping = mapping;
    this.#contents = contents;
    this.#problems = problems;
    this.#reports = new ReportFinder(mapping, contents, problems);
    this.#columnOf = new Map(table.columns.map((name, i) => [name, i]));
    this.#cellsOfFile = this.#claims();
    this.#patientsInPaths = mapping.patientColumn === null && pathsNamePatients(table, mapping);
  }

  /** The row with its film, or null after it was refused. */
  row(row: TableRow): JoinedRow | null {
    const where = `${this.#table.path} row ${row.number}`;
    const film = this.#film(row, where);
    if (!film) return null;
    const imageId = this.#cell(row, this.#mapping.imageColumn);
    const patientId = this.#patient(row, where, imageId);
    if (patientId === null) return null;
    const split = this.#split(row, where);
    if (split === 'unreadable') return null;
    this.#takenBy.set(film.path, where);
    return {
      where,
      imageId,
      patientId,
      film,
      report: this.#reports.find(
        this.#mapping.reportColumn && this.#cell(row, this.#mapping.reportColumn),
        film,
        where,
      ),
      labels: this.#mapping.labelColumns.map((column) => this.#label(row, column, where)),
      split,
      groups: this.#groups(row),
    };
  }

  /** One warning for all uncertain labels of the table. */
  warnOfUncertain(): void {
    const total = [...this.#uncertain.values()].reduce((sum, count) => sum + count, 0);
    if (total === 0) return;
    const columns = [...this.#uncertain].map(([column, count]) => `${column} ${count}`).join(', ');
    this.#problems.warn(
      'uncertain labels',
      this.#table.path,
      `${total} uncertain label value${total === 1 ? '' : 's'} (−1 or “uncertain”) ${total === 1 ? 'is' : 'are'} taken as missing: ${columns}.`,
    );
  }

  #film(row: TableRow, where: string): FolderFile | null {
    const cell = this.#cell(row, this.#mapping.imageColumn);
    const match = this.#contents.filmIndex.find(cell);
    const fault = this.#filmFault(cell, match);
    if (fault || match.kind !== 'found') {
      this.#problems.refuse('rows without a film', where, fault ?? '');
      return null;
    }
    const taken = this.#takenBy.get(match.file.path);
    if (taken) {
      this.#problems.refuse(
        'rows that repeat a film',
        where,
        `The row names the film ${match.file.path}, as ${taken} does already; that row is kept. Keep one row a film.`,
      );
      return null;
    }
    if (match.caseDiffers)
      this.#problems.warn(
        'names that differ in case',
        where,
        `“${cell}” is taken to mean ${match.file.path}, which differs in upper and lower case; write it the same way.`,
      );
    return match.file;
  }

  #filmFault(cell: string, match: FileMatch): string | undefined {
    if (cell === '')
      return `Column “${this.#mapping.imageColumn}” is blank; write the film’s file name, or drop the row.`;
    if (match.kind === 'none')
      return `No film is called “${cell}”; add the file to the folder, or drop the row.`;
    if (match.kind === 'ambiguous')
      return `“${cell}” fits ${match.paths.length} films, ${match.paths.slice(0, 3).join(', ')}; write the path with its folders.`;
    if (match.byNameOnly && this.#cellsOfFile.get(match.file.path)!.size > 1)
      return `“${cell}” is not in the folder; only its file name agrees with ${match.file.path}, as for other rows. Add the file, or drop the row.`;
    return undefined;
  }

  #patient(row: TableRow, where: string, imageId: string): string | null {
    const { patientColumn } = this.#mapping;
    if (patientColumn === null) return (this.#patientsInPaths ? patientInPath(imageId) : null) ?? imageId;
    const cell = this.#cell(row, patientColumn);
    if (cell === '') {
      this.#problems.refuse(
        'rows without a patient',
        where,
        `Column “${patientColumn}” is blank; without its patient a film may end up on two sides of the split. Fill it in, or drop the row.`,
      );
      return null;
    }
    const spelling = this.#spellings.get(cell.toLowerCase());
    if (spelling === undefined) this.#spellings.set(cell.toLowerCase(), cell);
    else if (spelling !== cell)
      this.#problems.warn(
        'patients that differ in case',
        where,
        `Patient “${cell}” differs from “${spelling}” in upper and lower case only; both are taken as one patient. Write one way, or rename one.`,
      );
    return spelling ?? cell;
  }

  #split(row: TableRow, where: string): SplitName | null | 'unreadable' {
    const { splitColumn } = this.#mapping;
    if (splitColumn === null) return null;
    const cell = this.#cell(row, splitColumn);
    const side = readSplitCell(cell);
    if (side) return side;
    this.#problems.refuse(
      'rows without a side of the split',
      where,
      `Column “${splitColumn}” holds “${cell}”; expected train, validation or test. Correct it, or import without the split column.`,
    );
    return 'unreadable';
  }

  #label(row: TableRow, column: string, where: string): LabelValue {
    const text = this.#cell(row, column);
    const cell = readLabelCell(text);
    if (cell.kind === 'uncertain') this.#uncertain.set(column, (this.#uncertain.get(column) ?? 0) + 1);
    if (cell.kind === 'unreadable')
      this.#problems.warn(
        'label values',
        where,
        `Column “${column}” holds “${shortened(text)}”; expected 0, 1 or blank. The value is taken as missing; correct it.`,
      );
    return labelValue(cell);
  }

  #groups(row: TableRow): Record<string, string> {
    const filled = this.#mapping.groupColumns.map((column) => [column, this.#cell(row, column)] as const);
    return Object.fromEntries(filled.filter(([, cell]) => cell !== ''));
  }

  #cell(row: TableRow, column: string): string {
    return row.cells[this.#columnOf.get(column)!]!;
  }

  #claims(): Map<string, Set<string>> {
    const claims = new Map<string, Set<string>>();
    for (const row of this.#table.rows) {
      const cell = this.#cell(row, this.#mapping.imageColumn);
      const match = this.#contents.filmIndex.find(cell);
      if (match.kind !== 'found') continue;
      const cells = claims.get(match.file.path);
      if (cells) cells.add(cell);
      else claims.set(match.file.path, new Set([cell]));
    }
    return claims;
  }
}

/** Whether all films lie in folders named after patients; some do not count, for then the names may mean something else. */
export function pathsNamePatients(table: Table, { imageColumn }: CohortMapping): boolean {
  const cells = valuesOf(table, table.columns.indexOf(imageColumn)).filter((cell) => cell !== '');
  return cells.length > 0 && cells.every((cell) => patientInPath(cell) !== null);
}

function refuseLeftFilms(
  rows: readonly JoinedRow[],
  table: Table,
  contents: FolderContents,
  problems: ProblemList,
): void {
  const taken = new Set(rows.map(({ film }) => film.path));
  for (const { path } of contents.films) {
    if (taken.has(path)) continue;
    problems.refuse(
      'films without a row',
      path,
      `No usable row of ${table.path} names this film; add a row, or leave the film out.`,
    );
  }
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
