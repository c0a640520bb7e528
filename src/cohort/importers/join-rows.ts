/**
 * Brings the rows of a labels table together with the films and reports of the folder. Each row that does not fit is refused by its
 * number; the rest go on.
 */
import { countPhrase } from '../../count-words.ts';
import type { MessageBreaks } from '../../progress/message-breaks.ts';
import type { LabelReading, LabelValue, StatedSide } from '../cohort.ts';
import { remedyFor } from '../decoders/foreign-formats.ts';
import type { ProblemList } from '../problems.ts';
import {
  commasOf,
  labelValue,
  plainReading,
  readLabelCell,
  readSplitCell,
  type Commas,
} from './cell-values.ts';
import { valuesOf } from './column-values.ts';
import { imageEndings, type FolderContents } from './folder-contents.ts';
import { foreignImages } from './foreign-images.ts';
import type { CohortMapping, FolderFile, Watch } from './importer.ts';
import { isNothing } from './nothing.ts';
import { patientInPath } from './patient-in-path.ts';
import { namesNobody, PatientNames } from './patient-names.ts';
import type { PathMatch } from './path-join.ts';
import type { ReportSource } from './report-source.ts';
import { findReports } from './reports-of-rows.ts';
import { rowPlace } from './row-collector.ts';
import { meaningOf } from './split-column.ts';
import { joinTablePaths, warnOfPrefix } from './table-folder.ts';
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
  readonly split: StatedSide;
  readonly groups: Readonly<Record<string, string>>;
}

/** What came of a table. */
export interface JoinedTable {
  readonly rows: readonly JoinedRow[];
  /** The patients of the column, with what is doubtful about their spellings; null without such a column. */
  readonly patients: PatientNames | null;
  /** Without such a column: patients are taken from the folders of the films. */
  readonly patientsInPaths: boolean;
}

/** All rows whose film and patient were found; what was not goes to `problems`. */
export async function joinRows(
  table: Table,
  mapping: CohortMapping,
  contents: FolderContents,
  problems: ProblemList,
  { breaks, watch }: { readonly breaks: MessageBreaks; readonly watch: Watch },
): Promise<JoinedTable> {
  watch.onProgress('Looking for the films of the rows', 0, 0);
  const cells = valuesOf(table, table.columns.indexOf(mapping.imageColumn));
  const named = { files: contents.films, index: contents.imageFileIndex, endings: imageEndings };
  const films = await joinTablePaths(cells, table.path, named, breaks);
  warnOfPrefix(films.prefix, 'films', `${table.path}, column “${mapping.imageColumn}”`, problems);
  const found = films.matches.flatMap((match) => (match.kind === 'found' ? match.file : []));
  const foreign = await foreignImages(found, breaks);
  const patientsInPaths = mapping.patientColumn === null && pathsNamePatients(cells, films.matches);
  const join = new Join(table, mapping, { foreign, patientsInPaths }, problems);
  const rows: OpenRow[] = [];
  const sources: TableRow[] = [];
  for (let i = 0; i < table.rows.length; i++) {
    const row = table.rows[i]!;
    const joined = join.row(row, films.matches[i]!);
    if (joined) {
      rows.push(joined);
      sources.push(row);
    }
    if (await breaks.pauseIfDue()) watch.onProgress('Joining rows with films', i, table.rows.length);
  }
  join.warnOfUncertain();
  refuseLeftFilms(rows, table, contents, problems);
  if (mapping.patientColumn !== null) warnOfFolders(rows, table.path, mapping.patientColumn, problems);
  watch.onProgress('Looking for reports', 0, 0);
  const joined = { rows, sources, patientsAreKnown: mapping.patientColumn !== null || patientsInPaths };
  const reports = await findReports(joined, table, mapping, contents, problems, breaks);
  // Done in place, because a second copy of a quarter of a million rows would need much memory.
  rows.forEach((row, i) => (row.report = reports[i]!));
  return { rows, patients: join.patients, patientsInPaths };
}

/** A row on its way. */
type OpenRow = { -readonly [Key in keyof JoinedRow]: JoinedRow[Key] };

const noReport: ReportSource = { kind: 'none' };

/** One pass over a table; remembers what earlier rows took. */
class Join {
  readonly patients: PatientNames | null;
  readonly #table: Table;
  readonly #mapping: CohortMapping;
  readonly #foreign: ReadonlyMap<FolderFile, string>;
  readonly #problems: ProblemList;
  readonly #columnOf: ReadonlyMap<string, number>;
  readonly #readings: readonly LabelReading[];
  readonly #patientsInPaths: boolean;
  readonly #takenBy = new Map<FolderFile, TableRow>();
  readonly #commas: readonly Commas[];
  readonly #uncertain = new Map<string, number>();
  readonly #warnedSpellings = new Set<string>();

  constructor(
    table: Table,
    mapping: CohortMapping,
    known: { readonly foreign: ReadonlyMap<FolderFile, string>; readonly patientsInPaths: boolean },
    problems: ProblemList,
  ) {
    this.#table = table;
    this.#mapping = mapping;
    this.#foreign = known.foreign;
    this.#problems = problems;
    this.#columnOf = new Map(table.columns.map((name, i) => [name, i]));
    this.#readings = mapping.labelColumns.map((name) => mapping.labelReadings[name] ?? plainReading);
    this.#patientsInPaths = known.patientsInPaths;
    this.#commas = mapping.labelColumns.map((name, i) =>
      this.#readings[i]!.kind === 'threshold'
        ? commasOf(valuesOf(table, this.#columnOf.get(name)!))
        : 'decimal',
    );
    const { patientColumn } = mapping;
    this.patients =
      patientColumn === null
        ? null
        : new PatientNames(
            valuesOf(table, this.#columnOf.get(patientColumn)!).filter((cell) => !namesNobody(cell)),
          );
  }

  /** The row with its film, or null after it was refused. */
  row(row: TableRow, match: PathMatch): OpenRow | null {
    const where = rowPlace(this.#table.path, row);
    const film = this.#film(row, match, where);
    if (!film) return null;
    const imageId = this.#cell(row, this.#mapping.imageColumn);
    const patient = this.#patient(row, where, { imageId, film });
    if (patient === null) return null;
    const split = this.#split(row, where);
    if (split === 'none') return null;
    this.#takenBy.set(film, row);
    return {
      where,
      imageId,
      patientId: patient,
      film,
      report: noReport,
      labels: this.#mapping.labelColumns.map((column, i) =>
        this.#label(row, column, { reading: this.#readings[i]!, commas: this.#commas[i]! }, where),
      ),
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
      `${countPhrase(total, 'uncertain label value')} (−1 or “uncertain”) ${total === 1 ? 'is' : 'are'} taken as missing: ${columns}.`,
    );
  }

  #film(row: TableRow, match: PathMatch, where: string): FolderFile | null {
    const cell = this.#cell(row, this.#mapping.imageColumn);
    const fault = this.#filmFault(cell, match);
    if (fault !== undefined || match.kind !== 'found') {
      this.#problems.refuse('rows without a film', where, fault ?? '');
      return null;
    }
    const format = this.#foreign.get(match.file);
    if (format !== undefined) {
      this.#problems.refuse(
        'rows whose film cannot be read',
        where,
        `${match.file.path} is ${format}. ${remedyFor(format)}`,
      );
      return null;
    }
    const taken = this.#takenBy.get(match.file);
    if (taken) {
      const differing = this.#differingLabels(row, taken);
      const labels = differing.map((column) => `“${column}”`).join(', ');
      this.#problems.refuse(
        differing.length > 0 ? 'rows that repeat a film with other labels' : 'rows that repeat a film',
        where,
        `The row names the film ${match.file.path}, as ${rowPlace(this.#table.path, taken)} does already; that row is kept.${labels === '' ? '' : ` The rows differ in ${labels}.`} Keep one row a film.`,
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

  #filmFault(cell: string, match: PathMatch): string | undefined {
    if (isNothing(cell))
      return `Column “${this.#mapping.imageColumn}” ${cell === '' ? 'is blank' : `holds “${cell}”`}; write the film’s file name, or drop the row.`;
    if (match.kind === 'ambiguous')
      return `“${cell}” fits ${match.count} films, ${match.files.map(({ path }) => path).join(', ')}${match.count > match.files.length ? ' …' : ''}; write the path with its folders.`;
    if (match.kind === 'found') return undefined;
    if (match.near)
      return `“${cell}” is not in the folder: ${match.near.path} has a name like it, but other folders, or another row names it better. Add the file, correct the path, or drop the row.`;
    return `No film is called “${cell}”; add the file to the folder, or drop the row.`;
  }

  #patient(
    row: TableRow,
    where: string,
    { imageId, film }: { readonly imageId: string; readonly film: FolderFile },
  ): string | null {
    const { patientColumn, patientSpellings } = this.#mapping;
    if (patientColumn === null)
      return (this.#patientsInPaths ? patientOfFilm(imageId, film) : null) ?? imageId;
    const cell = this.#cell(row, patientColumn);
    if (namesNobody(cell)) {
      this.#problems.refuse(
        'rows without a patient',
        where,
        `Column “${patientColumn}” ${cell === '' ? 'is blank' : `holds “${cell}”, which names nobody`}; without its patient a film may end up on two sides of the split. Fill it in, or drop the row.`,
      );
      return null;
    }
    const first = this.patients!.firstSpelling(cell);
    if (first !== cell) this.#warnOfSpelling(cell, first, where);
    const group = this.patients!.groupName(first);
    if (group === null || patientSpellings === 'several') return first;
    if (patientSpellings !== 'leaveOut') return patientSpellings === 'one' ? group : first;
    this.#problems.refuse(
      'rows of doubtful patients',
      where,
      `Patient “${cell}” may be one with another spelling, and such rows are to be left out.`,
    );
    return null;
  }

  #warnOfSpelling(cell: string, first: string, where: string): void {
    if (this.#warnedSpellings.has(cell)) return;
    this.#warnedSpellings.add(cell);
    const differs =
      cell.toLowerCase() === first.toLowerCase() || cell.normalize('NFC') !== first.normalize('NFC')
        ? 'in upper and lower case, in spaces or in characters that cannot be seen'
        : 'in how its accented letters are stored';
    this.#problems.warn(
      'patients that differ in case',
      where,
      `Patient “${cell}” differs from “${first}” ${differs} only; both are taken as one patient. Write one way, or rename one.`,
    );
  }

  #split(row: TableRow, where: string): StatedSide | 'none' {
    const { splitColumn, splitValues } = this.#mapping;
    if (splitColumn === null) return null;
    const cell = this.#cell(row, splitColumn);
    const meaning = meaningOf(cell, splitValues);
    // Values without a meaning are asked about once, for all rows.
    if (meaning === null && !isNothing(cell)) return null;
    if (meaning !== null && meaning !== 'leaveOut') return meaning;
    this.#problems.refuse(
      'rows without a side of the split',
      where,
      meaning === 'leaveOut' && readSplitCell(cell) !== null
        ? `Column “${splitColumn}” holds “${cell}”, and such rows are to be left out.`
        : `Column “${splitColumn}” holds “${cell}”; expected train, validation or test. Correct it, say what it means, or import without the split column.`,
    );
    return 'none';
  }

  #label(
    row: TableRow,
    column: string,
    { reading, commas }: { readonly reading: LabelReading; readonly commas: Commas },
    where: string,
  ): LabelValue {
    const text = this.#cell(row, column);
    const cell = readLabelCell(text, reading, commas);
    if (cell.kind === 'uncertain') this.#uncertain.set(column, (this.#uncertain.get(column) ?? 0) + 1);
    if (cell.kind === 'unreadable' && reading.kind !== 'values')
      this.#problems.warn(
        'label values',
        where,
        `Column “${column}” holds “${shortened(text)}”; expected ${expectedCell(reading, text)} or blank. The value is taken as missing; correct it.`,
      );
    return labelValue(cell);
  }

  #differingLabels(row: TableRow, other: TableRow): string[] {
    return this.#mapping.labelColumns.filter((column, i) => {
      const valueIn = ({ cells }: TableRow): LabelValue =>
        labelValue(readLabelCell(cells[this.#columnOf.get(column)!]!, this.#readings[i], this.#commas[i]));
      return valueIn(row) !== valueIn(other);
    });
  }

  #groups(row: TableRow): Record<string, string> {
    const filled = this.#mapping.groupColumns.map((column) => [column, this.#cell(row, column)] as const);
    return Object.fromEntries(filled.filter(([, cell]) => !isNothing(cell)));
  }

  #cell(row: TableRow, column: string): string {
    return row.cells[this.#columnOf.get(column)!]!;
  }
}

function expectedCell(reading: LabelReading, text: string): string {
  if (reading.kind === 'words') return '0, 1';
  return text.includes(',')
    ? 'a number whose comma is surely decimal, or surely parts thousands,'
    : 'a number';
}

/**
 * Whether all films lie in folders named after patients; if only some films do, the folders do not count, because their names may mean
 * something else.
 */
function pathsNamePatients(cells: readonly string[], matches: readonly PathMatch[]): boolean {
  const patients = matches.flatMap((match, i) =>
    match.kind === 'found' ? [patientOfFilm(cells[i]!, match.file)] : [],
  );
  return patients.length > 0 && !patients.includes(null);
}

/** The patient in the written path, or else in the film's own. */
function patientOfFilm(cell: string, film: FolderFile): string | null {
  return patientInPath(cell) ?? patientInPath(film.path);
}

/** A folder named after a patient should hold one patient's films; otherwise some were joined with the wrong rows. */
function warnOfFolders(
  rows: readonly OpenRow[],
  tablePath: string,
  patientColumn: string,
  problems: ProblemList,
): void {
  const patientsOf = new Map<string, Set<string>>();
  for (const { film, patientId } of rows) {
    const folder = patientInPath(film.path);
    if (folder === null) continue;
    const known = patientsOf.get(folder);
    if (known) known.add(patientId);
    else patientsOf.set(folder, new Set([patientId]));
  }
  for (const [folder, patients] of patientsOf)
    if (patients.size > 1)
      problems.warn(
        'folders of several patients',
        `${tablePath}, column “${patientColumn}”`,
        `The films in ${folder} belong to ${patients.size} patients by this column (${[...patients].slice(0, 3).join(', ')}), though the folder is called after one. Look whether rows and films belong together.`,
      );
}

function refuseLeftFilms(
  rows: readonly OpenRow[],
  table: Table,
  contents: FolderContents,
  problems: ProblemList,
): void {
  const taken = new Set(rows.map(({ film }) => film));
  for (const film of contents.films) {
    if (taken.has(film)) continue;
    problems.refuse(
      'films without a row',
      film.path,
      `No usable row of ${table.path} names this film; add a row, or leave the film out.`,
    );
  }
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
