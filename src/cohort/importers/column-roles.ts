/**
 * What the columns of a labels table are for, told by their names and by what they hold.
 */
import { readLabelCell, readSplitCell } from './cell-values.ts';
import type { FileIndex } from './file-index.ts';
import type { CohortMapping } from './importer.ts';
import type { Table } from './table.ts';

/** A mapping without the words that only the importer knows. */
export type ColumnRoles = Omit<CohortMapping, 'importer' | 'tablePath'>;

/** Names under which public collections keep a role, letters and digits only, the most telling first. */
const namesOf = {
  image:
    'image imageid imagepath imagename imagefile imagefilename imageindex img imgid imgpath filename file filepath path pathtoimage dicomid dicom sopinstanceuid film filmid jpg png'.split(
      ' ',
    ),
  patient:
    'patientid patient deidpatientid patientnumber patientidentifier subjectid subject participantid personid pid mrn'.split(
      ' ',
    ),
  report:
    'report reporttext reportcontent radiologyreport reports reportfile reportpath text sectionimpression impression sectionfindings findings clinicalnotes notes narrative'.split(
      ' ',
    ),
  split: 'split set fold subset partition dataset'.split(' '),
  group:
    'sex gender patientsex patientgender patientsexdicom age agegroup ageband patientage race ethnicity view viewposition viewpositiondicom projection frontallateral appa site hospital institution centre center scanner manufacturer manufacturerdicom insurance'.split(
      ' ',
    ),
} as const;

/** Names whose 0 and 1 are counts, codes or places in a list, not labels. */
const neverLabels =
  /(^|[ _-])(id|ids|idx|index|uid|uuid|nr|no|num|number|count|counts|width|height|size|rows|columns|offset|day|days|date|time|year|month|age|sex|gender|male|female|fold|split|followup)$|#|^unnamed/i;

/** Share of filled cells that may be unreadable in a column that still counts as a label. */
const unreadableShare = 0.2;

/** Roles of all columns of a table, for a folder with these films and report files. */
export function understandColumns(table: Table, films: FileIndex, reportFiles: FileIndex): ColumnRoles {
  const columns = table.columns.map((name, i) => ({ name, plain: plain(name), values: valuesOf(table, i) }));
  const image = bestColumn(columns, namesOf.image, (values) => matchShare(values, films), 0);
  const patient = bestColumn(columns, namesOf.patient, (_values, isKnown) => (isKnown ? 1 : 0), 0);
  const others = columns.filter(({ name }) => name !== image && name !== patient);
  const report = bestColumn(others, namesOf.report, (...of) => reportShare(...of, reportFiles), 0.5);
  const split = bestColumn(others, namesOf.split, splitShare, 0.9);
  const taken = new Set([image, patient, report, split]);
  const free = others.filter(({ name }) => !taken.has(name));
  const groups = free.filter(({ plain, values }) => inList(namesOf.group, plain) && new Set(values).size > 1);
  return {
    imageColumn: image ?? columns.find(({ plain }) => inList(namesOf.image, plain))?.name ?? columns[0]!.name,
    patientColumn: patient,
    reportColumn: report,
    reportIs: isFileColumn(columns.find(({ name }) => name === report)?.values, reportFiles)
      ? 'file'
      : 'text',
    splitColumn: split,
    labelColumns: free.filter(({ name, values }) => couldBeLabel(name, values)).map(({ name }) => name),
    groupColumns: groups.map(({ name }) => name),
  };
}

/** Whether a column holds both 0 and 1 (in one of their spellings) and hardly anything else, and is not by name a count or a code. */
export function couldBeLabel(name: string, values: readonly string[]): boolean {
  if (neverLabels.test(name) || /^column \d+$/.test(name) || inList(namesOf.group, plain(name))) return false;
  const counts = { 0: 0, 1: 0, uncertain: 0, unreadable: 0 };
  for (const value of values) {
    const cell = readLabelCell(value);
    if (cell.kind === 'value') counts[cell.value]++;
    else if (cell.kind !== 'missing') counts[cell.kind]++;
  }
  const filled = counts[0] + counts[1] + counts.uncertain + counts.unreadable;
  const isSlip = counts.unreadable === 1 && filled >= 4; // One slip of the pen in a very small table.
  return counts[0] > 0 && counts[1] > 0 && (isSlip || counts.unreadable <= unreadableShare * filled);
}

/** Cells of one column. */
export function valuesOf(table: Table, column: number): string[] {
  return table.rows.map(({ cells }) => cells[column]!);
}

interface NamedColumn {
  readonly name: string;
  readonly plain: string;
  readonly values: readonly string[];
}

/** The column that fits a role best, if one fits more than `leastFit`. A known name counts as much as a perfect fit; earlier names win. */
function bestColumn(
  columns: readonly NamedColumn[],
  names: readonly string[],
  fit: (values: readonly string[], isKnown: boolean) => number,
  leastFit: number,
): string | null {
  let best: { readonly name: string; readonly score: number } | null = null;
  for (const { name, plain, values } of columns) {
    const place = names.indexOf(plain);
    const share = fit(values, place >= 0);
    const score = share + (place >= 0 ? 1 + (names.length - place) / (100 * names.length) : 0);
    if (share > leastFit && (!best || score > best.score)) best = { name, score };
  }
  return best?.name ?? null;
}

/** Share of the filled cells that mean exactly one file. Enough cells are looked at to be sure, not all. */
function matchShare(values: readonly string[], files: FileIndex): number {
  const filled = sample(values);
  return filled.length === 0
    ? 0
    : filled.filter((value) => files.find(value).kind === 'found').length / filled.length;
}

/** 1 when most cells name report files; else the share of cells that read like a report: sentences, under a known name a few words. */
function reportShare(values: readonly string[], isKnown: boolean, reportFiles: FileIndex): number {
  if (isFileColumn(values, reportFiles)) return 1;
  const filled = sample(values);
  const leastWords = isKnown ? 2 : 8;
  const wordy = filled.filter((value) => value.split(/\s+/).length >= leastWords).length;
  return filled.length === 0 ? 0 : wordy / filled.length;
}

function isFileColumn(values: readonly string[] | undefined, reportFiles: FileIndex): boolean {
  const filled = sample(values ?? []);
  const named = filled.filter((value) => /\.txt$/i.test(value) || reportFiles.find(value).kind === 'found');
  return filled.length > 0 && named.length > filled.length / 2;
}

function splitShare(values: readonly string[]): number {
  const filled = sample(values);
  const sides = new Set(filled.map(readSplitCell).filter((side) => side !== null));
  if (sides.size < 2) return 0;
  return filled.filter((value) => readSplitCell(value) !== null).length / filled.length;
}

/** Up to 2,000 filled cells from all over the column. */
function sample(values: readonly string[]): string[] {
  const filled = values.filter((value) => value !== '');
  const step = Math.max(1, Math.floor(filled.length / 2000));
  return filled.filter((_, i) => i % step === 0);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function inList(list: readonly string[], name: string): boolean {
  return list.includes(name);
}
