/**
 * Any folder with films, a labels table and reports: the layout that people make themselves, and that most public collections have.
 * Where there is no table, folders that are named after classes serve as one.
 */
import { errorSentence, InputError } from '../../errors.ts';
import { MessageBreaks } from '../../progress/message-breaks.ts';
import { countValues } from '../labels.ts';
import { ProblemList } from '../problems.ts';
import { assertPatientLevelSplit, leakSentence } from '../split.ts';
import { describeColumns, imageShare, understandColumns, type UnderstoodColumns } from './column-roles.ts';
import { columnsOf, columnValues, valuesOf, type ColumnValues } from './column-values.ts';
import { classTablePath, tableOfClasses } from './class-folders.ts';
import { assertFolderReadable } from './folder-check.ts';
import { sortFolder, type FolderContents } from './folder-contents.ts';
import type {
  CohortMapping,
  FolderFile,
  FoundImage,
  Importer,
  PreviewPair,
  Survey,
  Watch,
} from './importer.ts';
import { warnOfCodes } from './label-codes.ts';
import { joinRows, type JoinedRow, type JoinedTable } from './join-rows.ts';
import { openQuestions } from './questions.ts';
import { readReport } from './report-source.ts';
import { foldersOfSides, knownMeanings, splitValues } from './split-column.ts';
import { readTable, readTableHead, type Table } from './table.ts';
import { warnOfUnused } from './unused-files.ts';

/** Makes the small picture of a film for the preview. @throws InputError when the film cannot be read. */
export type Thumbnail = (file: File) => Promise<PreviewPair['thumbnail']>;

const name = 'imagesCsv';

const unwatched: Watch = { onProgress: () => undefined, signal: new AbortController().signal };

/** The importer for films with a labels table; how a film becomes a thumbnail is handed in. */
export function makeImagesCsv(thumbnail: Thumbnail): Importer {
  return {
    name,
    label: 'Films with a labels table (.csv, .tsv, .xlsx), or in folders named after classes',
    recognises: (files) => Promise.resolve(recognise(sortFolder(files))),
    survey: (files, mapping, watch = unwatched) => survey(files, mapping, thumbnail, watch),
    find: (files, mapping, watch = unwatched) => find(files, mapping, watch),
  };
}

function recognise(contents: FolderContents): number {
  const { films, tables } = contents;
  return films.length > 0 && (tables.length > 0 || tableOfClasses(contents)) ? 0.5 : 0;
}

async function find(
  files: readonly FolderFile[],
  given: CohortMapping,
  watch: Watch,
): ReturnType<Importer['find']> {
  const contents = contentsOf(files);
  await assertFolderReadable(contents);
  const table = await tableAt(contents, given.tablePath, watch);
  const mapping = complete(given, table);
  checkMapping(mapping, table);
  const problems = new ProblemList();
  const breaks = new MessageBreaks(watch.signal);
  const joined = await joinRows(table, mapping, contents, problems, { breaks, watch });
  const [question] = openQuestions(table, mapping, joined.patients);
  if (question) throw new InputError(question.sentence);
  const { rows } = joined;
  assertPatientLevelSplit(rows);
  if (rows.length === 0)
    throw new InputError(
      `No row of ${table.path} could be used. ${[...table.problems, ...problems.list()][0]?.reason ?? 'It has no rows below the names.'}`,
    );
  const hasReports = rows.some(({ report }) => report.kind !== 'none');
  warnOfWholes(joined, mapping, table, problems);
  warnOfCodes(table, mapping, problems);
  breaks.throwIfStopped();
  const films: FoundImage[] = [];
  for (const row of rows) {
    films.push(await foundImage(row, problems, hasReports));
    if (await breaks.pauseIfDue()) watch.onProgress('Reading reports', films.length, rows.length);
  }
  warnOfUnused(contents, { tablePath: table.path, reports: usedReports(rows) }, problems);
  // A stop during the last report must take effect too.
  breaks.throwIfStopped();
  return { films, problems: [...table.problems, ...problems.list()] };
}

async function foundImage(row: JoinedRow, problems: ProblemList, hasReports: boolean): Promise<FoundImage> {
  const { imageId, patientId, labels, split, groups, film, report, where } = row;
  const text = hasReports ? await readReport(report, where, problems) : '';
  return { imageId, patientId, labels, split, groups, report: text, file: film.file, path: film.path };
}

async function survey(
  files: readonly FolderFile[],
  wished: CohortMapping | null,
  thumbnail: Thumbnail,
  watch: Watch,
): Promise<Survey> {
  const contents = contentsOf(files);
  await assertFolderReadable(contents);
  const problems = new ProblemList();
  const breaks = new MessageBreaks(watch.signal);
  const tables = wished
    ? orderTables(contents, wished.tablePath)
    : await rankTables(contents, problems, breaks);
  const table = await tableAt(contents, tables[0]!, watch);
  watch.onProgress('Looking at the columns', 0, 0);
  const columns = columnsOf(table);
  const understood = await understandColumns(columns, contents, breaks);
  const { mapping, doubts } = chooseMapping(table, wished, understood);
  const joined = await joinRows(table, mapping, contents, problems, { breaks, watch });
  const { rows } = joined;
  for (const { kind, column, sentence } of doubts)
    problems.warn(kind, column === '' ? table.path : `${table.path}, column “${column}”`, sentence);
  warnOfWholes(joined, mapping, table, problems);
  warnOfCodes(table, mapping, problems);
  const leak = leakSentence(rows);
  if (leak) problems.refuse('patients on two sides', `${table.path}, column “${mapping.splitColumn}”`, leak);
  breaks.throwIfStopped();
  watch.onProgress('Showing five pairs', 0, 0);
  const preview = await previewPairs(rows, mapping, thumbnail, problems);
  warnOfUnused(contents, { tablePath: table.path, reports: usedReports(rows) }, problems);
  return {
    mapping,
    tables,
    columns: describeColumns(columns, mapping, contents),
    splitValues:
      mapping.splitColumn === null
        ? []
        : splitValues(columnNamed(mapping.splitColumn, table), mapping.splitValues),
    questions: openQuestions(table, mapping, joined.patients),
    tableRows: table.rows.length + table.refusedRows,
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

/** The person's mapping, unless it was made for another table; else what is understood. */
function chooseMapping(
  table: Table,
  wished: CohortMapping | null,
  { roles, doubts }: UnderstoodColumns,
): { readonly mapping: CohortMapping; readonly doubts: UnderstoodColumns['doubts'] } {
  const understood: CohortMapping = { importer: name, tablePath: table.path, ...roles };
  if (
    !wished ||
    wished.tablePath !== table.path ||
    unknownColumn({ ...unasked, ...wished }, table) !== undefined
  )
    return { mapping: understood, doubts };
  const mapping = complete(wished, table);
  return { mapping, doubts: doubts.filter(({ column }) => isStillDoubtful(column, understood, mapping)) };
}

/** A doubt about a column is dropped when the person gives the column another use. */
function isStillDoubtful(column: string, understood: CohortMapping, mapping: CohortMapping): boolean {
  const uses = ({ labelColumns, splitColumn, reportColumn, reportParts }: CohortMapping): string =>
    JSON.stringify([
      labelColumns.includes(column),
      splitColumn === column,
      reportColumn === column || reportParts.includes(column),
    ]);
  return uses(understood) === uses(mapping);
}

/** A mapping with all its parts; words of a split that are plain need not be said. */
function complete(given: CohortMapping, table: Table): CohortMapping {
  const mapping = { ...unasked, ...given };
  if (mapping.splitColumn === null || !table.columns.includes(mapping.splitColumn)) return mapping;
  const column = columnNamed(mapping.splitColumn, table);
  return { ...mapping, splitValues: { ...knownMeanings(column), ...mapping.splitValues } };
}

const unasked = { reportParts: [], splitValues: {}, labelReadings: {}, patientSpellings: null } as const;

function columnNamed(column: string, table: Table): ColumnValues {
  return columnValues(column, valuesOf(table, table.columns.indexOf(column)));
}

/** Tables by how well they fit: a column that names films first, then labels. Unreadable ones are reported and passed over. */
async function rankTables(
  contents: FolderContents,
  problems: ProblemList,
  breaks: MessageBreaks,
): Promise<string[]> {
  const ranked: { readonly path: string; readonly fit: number }[] = [];
  let firstFault: unknown;
  for (const file of contents.tables) {
    try {
      ranked.push({ path: file.path, fit: await tableFit(await readTableHead(file), contents, breaks) });
    } catch (error) {
      firstFault ??= error;
      problems.refuse('unreadable tables', file.path, errorSentence(error));
    }
  }
  const classes = ranked.some(({ fit }) => fit >= leastFit) ? null : tableOfClasses(contents);
  if (classes) ranked.push({ path: classes.path, fit: leastFit });
  if (ranked.length === 0) throw firstFault;
  return ranked.sort((a, b) => b.fit - a.fit).map(({ path }) => path);
}

/** A table that names films has at least this fit. */
const leastFit = 1;

async function tableFit(head: Table, contents: FolderContents, breaks: MessageBreaks): Promise<number> {
  const { imageColumn, patientColumn, labelColumns } = (
    await understandColumns(columnsOf(head), contents, breaks)
  ).roles;
  const cells = valuesOf(head, head.columns.indexOf(imageColumn)).slice(0, 200);
  return (
    10 * (await imageShare({ cells }, contents, breaks)) +
    Math.min(1, labelColumns.length / 50) +
    (labelColumns.length > 0 ? 2 : 0) +
    (patientColumn ? 1 : 0)
  );
}

function orderTables({ tables }: FolderContents, first: string): string[] {
  return [first, ...tables.map(({ path }) => path).filter((path) => path !== first)];
}

/** What was read of a folder at the survey serves its import: it is the largest part of both, in time and in memory. */
const sorted = new WeakMap<readonly FolderFile[], FolderContents>();
const read = new WeakMap<File, Table>();

function contentsOf(files: readonly FolderFile[]): FolderContents {
  const contents = sorted.get(files) ?? sortFolder(files);
  sorted.set(files, contents);
  return contents;
}

async function tableAt(contents: FolderContents, path: string, watch: Watch): Promise<Table> {
  const classes = path === classTablePath ? tableOfClasses(contents) : null;
  if (classes) return classes;
  const file = contents.tables.find((table) => table.path === path);
  if (!file)
    throw new InputError(
      `The folder has no table ${path}; choose one of ${contents.tables.map((table) => table.path).join(', ')}.`,
    );
  watch.onProgress('Reading the table', 0, 0);
  const table = read.get(file.file) ?? (await readTable(file, watch));
  read.set(file.file, table);
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
  const { imageColumn, patientColumn, reportColumn, splitColumn } = mapping;
  const { reportParts, labelColumns, groupColumns } = mapping;
  const single = [imageColumn, patientColumn, reportColumn, splitColumn];
  return [...single, ...reportParts, ...labelColumns, ...groupColumns]
    .filter((column) => column !== null)
    .find((column) => !table.columns.includes(column));
}

/** What is doubtful about the folder as a whole. */
function warnOfWholes(
  { rows, patientsInPaths }: JoinedTable,
  mapping: CohortMapping,
  table: Table,
  problems: ProblemList,
): void {
  if (mapping.patientColumn === null) {
    const reason = patientsInPaths
      ? 'No column names the patient; patients are taken from the folders in the films’ paths. Look at the five pairs, and choose a column if that is wrong.'
      : 'No column names the patient, so each film counts as a patient of its own. If patients have several films, choose the column: otherwise one patient may be on two sides of the split.';
    problems.warn('no patients', table.path, reason);
  } else warnOfFewPatients(rows, table.path, mapping.patientColumn, problems);
  const folders = mapping.splitColumn === null ? foldersOfSides(rows.map(({ film }) => film.path)) : [];
  if (folders.length > 0)
    problems.warn(
      'folders called like a split',
      table.path,
      `The films lie in folders called ${folders.map((folder) => `“${folder}”`).join(' and ')}, but no column names the side of the split, so patients are drawn from all of these folders. If the folders are an official split, write it into a column: otherwise its test patients are trained on.`,
    );
  if (mapping.labelColumns.length === 0)
    problems.warn(
      'no labels',
      table.path,
      'No column was found that holds 0 and 1, yes and no, or the like. Any column can be chosen as a label: its values stand beside its name, and you say which of them mean present.',
    );
  if (rows.length > 0 && rows.every(({ report }) => report.kind === 'none'))
    problems.warn(
      'no reports',
      table.path,
      'No reports were found; only image-only models can be trained on this cohort.',
    );
}

/** A column of one or two values in many rows, such as patient 1 and control 0, hardly names patients. */
function warnOfFewPatients(
  rows: readonly JoinedRow[],
  tablePath: string,
  column: string,
  problems: ProblemList,
): void {
  const patients = [...new Set(rows.map(({ patientId }) => patientId))];
  if (patients.length > 2 || rows.length < 10) return;
  problems.warn(
    'few patients',
    `${tablePath}, column “${column}”`,
    `By this column all ${rows.length} films are of ${patients.length === 1 ? 'one patient' : 'two patients'} (${patients.map((id) => `“${id}”`).join(', ')}). If it holds something else, choose another column for the patient, or none.`,
  );
}

function usedReports(rows: readonly JoinedRow[]): ReadonlySet<FolderFile> {
  return new Set(rows.flatMap(({ report }) => (report.kind === 'file' ? report.file : [])));
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
