/**
 * Tables of text: comma, semicolon or tab between the cells, names of the columns in the first row. A broken row is refused by its
 * number, and reading goes on after it.
 */
import Papa from 'papaparse';
import { InputError } from '../../errors.ts';
import type { ImportProblem } from '../cohort.ts';
import { decodeText } from './decode-text.ts';
import type { FolderFile } from './importer.ts';

/** One row of a table. */
export interface TableRow {
  /** Number of the row as a spreadsheet shows it: the names are row 1. */
  readonly number: number;
  /** One trimmed cell a column. */
  readonly cells: readonly string[];
}

/** A table with the rows that could be read. */
export interface Table {
  readonly path: string;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
  readonly problems: readonly ImportProblem[];
}

/** Larger tables are refused: they would not fit into the memory as text. */
const maxTableBytes = 400_000_000;

/** Unterminated quotes after which the rest of a table is given up. */
const maxRepairs = 50;

/** Whether a file is a table by its name. */
export function isTable({ path }: FolderFile): boolean {
  return /\.(csv|tsv)$/i.test(path);
}

/** Reads a whole table. @throws InputError naming the file when it is empty, too large or not Unicode text. */
export async function readTable({ path, file }: FolderFile): Promise<Table> {
  if (file.size > maxTableBytes)
    throw new InputError(
      `${path} has ${Math.round(file.size / 1e6)} MB; tables of at most 400 MB are read. Split it.`,
    );
  return parseTable(decodeText(new Uint8Array(await file.arrayBuffer()), path), path);
}

/** Reads the first rows of a table, enough to see what its columns hold. @throws InputError as `readTable`. */
export async function readTableHead({ path, file }: FolderFile, bytes = 262_144): Promise<Table> {
  const isWhole = file.size <= bytes;
  const text = decodeText(new Uint8Array(await file.slice(0, bytes).arrayBuffer()), path, isWhole);
  const table = parseTable(text, path);
  return isWhole ? table : { ...table, rows: table.rows.slice(0, -1), problems: [] };
}

/** The table in a text. @throws InputError naming the file when it has no row with names. */
export function parseTable(text: string, path: string): Table {
  const [names, ...records] = readRecords(text);
  if (!names || names.cells.every((cell) => cell.trim() === ''))
    throw new InputError(`${path} is empty; its first row must hold the names of the columns.`);
  const problems: ImportProblem[] = [];
  const columns = columnNames(names, path, problems);
  const rows: TableRow[] = [];
  for (const record of records) {
    if (record.cells.every((cell) => cell.trim() === '') && !record.fault) continue;
    const fault = record.fault ?? lengthFault(record, columns.length);
    if (fault) problems.push({ where: `${path} row ${record.number}`, reason: fault, severity: 'refused' });
    else rows.push({ number: record.number, cells: columns.map((_, i) => record.cells[i]!.trim()) });
  }
  return { path, columns, rows, problems };
}

interface ParsedRecord {
  readonly number: number;
  readonly cells: readonly string[];
  readonly fault?: string;
}

function readRecords(text: string): ParsedRecord[] {
  const delimiter = guessDelimiter(text);
  const records: ParsedRecord[] = [];
  let rest = text;
  for (let repairs = 0; rest.length > 0; repairs++) {
    const { data, errors } = Papa.parse<string[]>(rest, { delimiter });
    const open = errors.find((error) => error.code === 'MissingQuotes');
    const malformed = new Set(errors.filter(({ code }) => code === 'InvalidQuotes').map(({ row }) => row));
    const number = records.length + 1;
    const sound = open ? data.slice(0, open.row) : data;
    sound.forEach((cells, i) =>
      records.push({ number: number + i, cells, ...(malformed.has(i) ? { fault: malformedQuotes } : {}) }),
    );
    if (!open) break;
    const givenUp = repairs === maxRepairs;
    records.push({
      number: records.length + 1,
      cells: [],
      fault: givenUp ? tooManyQuotes : unterminatedQuote,
    });
    if (givenUp) break;
    rest = afterLine(rest, open.index ?? rest.length);
  }
  return records;
}

const unterminatedQuote =
  'A quotation mark opens a cell and is never closed; close it. The row is left out, reading goes on in the next line.';
const tooManyQuotes = `This is unterminated quotation mark number ${maxRepairs + 1}; the rest of the table is left out. Save the table again from its source.`;
const malformedQuotes =
  'A quotation mark stands inside a quoted cell; write it twice (""). The row is left out, since its cells cannot be told apart.';

function afterLine(text: string, index: number): string {
  const end = text.slice(index).search(/\r\n?|\n/);
  if (end < 0) return '';
  return text.slice(index + end).replace(/^(\r\n?|\n)/, '');
}

/** The delimiter that finds the most names in the first row; a comma when there is one name only. */
function guessDelimiter(text: string): string {
  const end = text.search(/[\r\n]/);
  const firstLine = end < 0 ? text : text.slice(0, end);
  const counts = [',', ';', '\t'].map((delimiter) => ({
    delimiter,
    count: Papa.parse<string[]>(firstLine, { delimiter }).data[0]?.length ?? 0,
  }));
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).delimiter;
}

function columnNames(names: ParsedRecord, path: string, problems: ImportProblem[]): string[] {
  const seen = new Map<string, number>();
  const trimmed = names.cells.map((cell) => cell.trim());
  while (trimmed.at(-1) === '') trimmed.pop(); // A delimiter at the end of the first row names no column.
  return trimmed.map((cell, i) => {
    const name = cell === '' ? `column ${i + 1}` : cell;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    if (count === 1) return name;
    problems.push({
      where: `${path} row 1`,
      reason: `Two columns are called “${name}”; the later one is read as “${name} (${count})”. Rename it if it matters.`,
      severity: 'warned',
    });
    return `${name} (${count})`;
  });
}

/** Too few or too many cells mean that cells have moved; empty ones at the end do no harm. */
function lengthFault({ cells }: ParsedRecord, columns: number): string | undefined {
  const isLonger = cells.slice(columns).some((cell) => cell.trim() !== '');
  if (cells.length >= columns && !isLonger) return undefined;
  return `The row has ${cells.length} cells, but the table has ${columns} columns; put cells that hold the delimiter into quotation marks.`;
}

/** What to do with a table of a kind that is not read; null for all else. */
export function unreadTable(path: string): string | null {
  return /\.(xlsx?|ods)$/i.test(path) ? 'Save it as CSV.' : null;
}
