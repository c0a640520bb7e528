/**
 * Any folder with films, a labels table and reports: the layout that people make themselves, and that most public collections have.
 */
import { errorSentence, InputError } from '../../errors.ts';
import { countValues } from '../labels.ts';
import { ProblemList } from '../problems.ts';
import { assertPatientLevelSplit, leakSentence } from '../split.ts';
import { couldBeLabel, understandColumns, valuesOf } from './column-roles.ts';
import { checkFolder, sortFolder, type FolderContents } from './folder-contents.ts';
import type { CohortMapping, FolderFile, FoundFilm, Importer, PreviewPair, Survey } from './importer.ts';
import { joinRows, pathsNamePatients, type JoinedRow } from './join-rows.ts';
import { readReport } from './report-source.ts';
import { readTable, readTableHead, type Table } from './table.ts';

/** Makes the small picture of a film for the preview. @throws InputError when the film cannot be read. */
export type Thumbnail = (file: File) => Promise<PreviewPair['thumbnail']>;

const name = 'imagesCsv';

/** The importer for films with a labels table; how a film becomes a thumbnail is handed in. */
export function makeImagesCsv(thumbnail: Thumbnail): Importer {
  return {
    name,
    label: 'Films with a labels table (.csv, .tsv)',
    recognises: (files) => Promise.resolve(recognise(sortFolder(files))),
    survey: (files, mapping) => survey(files, mapping, thumbnail),
    find,
  };
}

function recognise({ films, tables }: FolderContents): number {
  return films.length > 0 && tables.length > 0 ? 0.5 : 0;
}

async function find(files: readonly FolderFile[], mapping: CohortMapping): ReturnType<Importer['find']> {
  const contents = sortFolder(files);
  checkFolder(contents);
  const table = await readTable(tableAt(contents, mapping.tablePath));
  checkMapping(mapping, table);
  const problems = new ProblemList();
  const rows = joinRows(table, mapping, contents, problems);
  assertPatientLevelSplit(rows);
  if (rows.length === 0)
    throw new InputError(
      `No row of ${table.path} could be used. ${[...table.problems, ...problems.list()][0]?.reason ?? 'It has no rows below the names.'}`,
    );
  const hasReports = rows.some(({ report }) => report.kind !== 'none');
  warnOfWholes(rows, mapping, table, problems);
  const films: FoundFilm[] = [];
  for (const row of rows) films.push(await foundFilm(row, problems, hasReports));
  return { films, problems: [...table.problems, ...problems.list()] };
}

async function foundFilm(row: JoinedRow, problems: ProblemList, hasReports: boolean): Promise<FoundFilm> {
  const { imageId, patientId, labels, split, groups, film, report, where } = row;
  const text = hasReports ? await readReport(report, where, problems) : '';
  return { imageId, patientId, labels, split, groups, report: text, file: film.file, path: film.path };
}

async function survey(
  files: readonly FolderFile[],
  wished: CohortMapping | null,
  thumbnail: Thumbnail,
): Promise<Survey> {
  const contents = sortFolder(files);
  checkFolder(contents);
  const problems = new ProblemList();
  const tables = wished ? orderTables(contents, wished.tablePath) : await rankTables(contents, problems);
  const table = await readTable(tables[0]!);
  const mapping = wished && unknownColumn(wished, table) === undefined ? wished : understand(table, contents);
  const rows = joinRows(table, mapping, contents, problems);
  warnOfWholes(rows, mapping, table, problems);
  const leak = leakSentence(rows);
  if (leak) problems.refuse('patients on two sides', `${table.path}, column “${mapping.splitColumn}”`, leak);
  const preview = await previewPairs(rows, mapping, thumbnail, problems);
  return {
    mapping,
    tables: tables.map(({ path }) => path),
    columns: table.columns.map((column, i) => describeColumn(column, valuesOf(table, i))),
    tableRows: table.rows.length + table.problems.filter(({ severity }) => severity === 'refused').length,
    images: contents.films.length,
    usableRows: rows.length,
    patients: new Set(rows.map(({ patientId }) => patientId)).size,
    reports: rows.filter(
      ({ report }) => report.kind === 'text' || (report.kind === 'file' && report.file.file.size > 0),
    ).length,
    labels: mapping.labelColumns.map((label, i) => ({
      name: label,
      ...countValues(rows.map(({ labels }) => labels[i]!)),
    })),
    preview,
    problems: [...table.problems, ...problems.list()],
  };
}

function understand(table: Table, contents: FolderContents): CohortMapping {
  return {
    importer: name,
    tablePath: table.path,
    ...understandColumns(table, contents.filmIndex, contents.reportIndex),
  };
}

function describeColumn(column: string, values: readonly string[]): Survey['columns'][number] {
  const examples = [...new Set(values.filter((value) => value !== ''))].slice(0, 5);
  return { name: column, examples, couldBeLabel: couldBeLabel(column, values) };
}

/** Tables by how well they fit: a column that names films first, then labels. Unreadable ones are reported and passed over. */
async function rankTables(contents: FolderContents, problems: ProblemList): Promise<FolderFile[]> {
  const ranked: { readonly file: FolderFile; readonly fit: number }[] = [];
  let firstFault: unknown;
  for (const file of contents.tables) {
    try {
      ranked.push({ file, fit: tableFit(await readTableHead(file), contents) });
    } catch (error) {
      firstFault ??= error;
      problems.refuse('unreadable tables', file.path, errorSentence(error));
    }
  }
  if (ranked.length === 0) throw firstFault;
  return ranked.sort((a, b) => b.fit - a.fit).map(({ file }) => file);
}

function tableFit(head: Table, contents: FolderContents): number {
  const { imageColumn, patientColumn, labelColumns } = understandColumns(
    head,
    contents.filmIndex,
    contents.reportIndex,
  );
  const cells = valuesOf(head, head.columns.indexOf(imageColumn)).slice(0, 200);
  const found = cells.filter((cell) => contents.filmIndex.find(cell).kind === 'found').length;
  return (
    (10 * found) / Math.max(1, cells.length) +
    Math.min(1, labelColumns.length / 50) +
    (labelColumns.length > 0 ? 2 : 0) +
    (patientColumn ? 1 : 0)
  );
}

function orderTables(contents: FolderContents, first: string): FolderFile[] {
  const chosen = tableAt(contents, first);
  return [chosen, ...contents.tables.filter((file) => file !== chosen)];
}

function tableAt({ tables }: FolderContents, path: string): FolderFile {
  const table = tables.find((file) => file.path === path);
  if (!table)
    throw new InputError(
      `The folder has no table ${path}; choose one of ${tables.map((file) => file.path).join(', ')}.`,
    );
  return table;
}

function checkMapping(mapping: CohortMapping, table: Table): void {
  const unknown = unknownColumn(mapping, table);
  if (unknown !== undefined)
    throw new InputError(
      `${table.path} has no column “${unknown}”; its columns are ${table.columns.join(', ')}.`,
    );
}

/** The first column of the mapping that the table does not have: then the mapping was made for another table. */
function unknownColumn(mapping: CohortMapping, table: Table): string | undefined {
  const { imageColumn, patientColumn, reportColumn, splitColumn, labelColumns, groupColumns } = mapping;
  const named = [imageColumn, patientColumn, reportColumn, splitColumn, ...labelColumns, ...groupColumns];
  return named.filter((column) => column !== null).find((column) => !table.columns.includes(column));
}

/** What is doubtful about the folder as a whole. */
function warnOfWholes(
  rows: readonly JoinedRow[],
  mapping: CohortMapping,
  table: Table,
  problems: ProblemList,
): void {
  if (mapping.patientColumn === null) {
    const reason = pathsNamePatients(table, mapping)
      ? 'No column names the patient; patients are taken from the folders in the films’ paths. Look at the five pairs, and choose a column if that is wrong.'
      : 'No column names the patient, so each film counts as a patient of its own. If patients have several films, choose the column: otherwise one patient may be on two sides of the split.';
    problems.warn('no patients', table.path, reason);
  }
  if (mapping.labelColumns.length === 0)
    problems.warn(
      'no labels',
      table.path,
      'No column was found that holds 0 and 1; choose the label columns.',
    );
  if (rows.length > 0 && rows.every(({ report }) => report.kind === 'none'))
    problems.warn(
      'no reports',
      table.path,
      'No reports were found; only image-only models can be trained on this cohort.',
    );
}

/** Five pairs from all over the table; films that cannot be read are passed over with a word. */
async function previewPairs(
  rows: readonly JoinedRow[],
  mapping: CohortMapping,
  thumbnail: Thumbnail,
  problems: ProblemList,
): Promise<PreviewPair[]> {
  const pairs: PreviewPair[] = [];
  const step = Math.max(1, Math.floor(rows.length / 5));
  const spread = rows.filter((_, i) => i % step === 0);
  for (const row of spread.slice(0, 15)) {
    if (pairs.length === 5) break;
    try {
      pairs.push(await previewPair(row, mapping, await thumbnail(row.film.file)));
    } catch (error) {
      problems.warn(
        'films of the preview',
        row.film.path,
        `The film cannot be shown: ${errorSentence(error)}`,
      );
    }
  }
  return pairs;
}

async function previewPair(
  row: JoinedRow,
  mapping: CohortMapping,
  picture: PreviewPair['thumbnail'],
): Promise<PreviewPair> {
  const report = row.report.kind === 'none' ? '' : await readReport(row.report, row.where, new ProblemList());
  const labels = Object.fromEntries(mapping.labelColumns.map((label, i) => [label, row.labels[i]!]));
  return {
    imageId: row.imageId,
    patientId: row.patientId,
    report,
    labels,
    split: row.split,
    thumbnail: picture,
  };
}
