/**
 * Tells how a table keeps its cells: by its first line if that says so, else by which reading gives rows of one width.
 */
import { RecordReader, type Dialect, type ReadingStart, type TextRecord } from './delimited-text.ts';
import { findNames, type Layout } from './names-row.ts';

/** How a table is to be read. */
export interface TableLayout extends Layout {
  readonly dialect: Dialect;
}

const delimiters = [',', ';', '\t', '|'];

/** So much of a text, in characters, and so many of its records are looked at; a text with very long lines is looked at further. */
const sampleLength = 262_144;
const sampleRecords = 2000;

/** So much of a text, in characters, is read in two ways when it may escape quotation marks by backslashes. */
const backslashWindow = 4_000_000;

/** The delimiter, the escapes and the names of a table's text. */
export function readLayout(text: string): TableLayout {
  const stated = statedDelimiter(text);
  const named = stated ? layoutFor(text, stated.delimiter, stated.start) : null;
  if (named && named.width > 1) return named;
  const start = stated?.start ?? { at: 0, number: 1, line: 1 };
  const layouts = delimiters.map((delimiter) => layoutFor(text, delimiter, start));
  return layouts.reduce((best, one) => (score(one) > score(best) ? one : best));
}

/** The line “sep=;” that tells Excel the delimiter. It is no row of the table: Excel does not show it. */
function statedDelimiter(text: string): { readonly delimiter: string; readonly start: ReadingStart } | null {
  const found = /^\s*"?sep=([^\r\n"])"?[,;\t|]*(\r\n?|\n)/i.exec(text.slice(0, 200));
  if (!found) return null;
  return { delimiter: found[1]!, start: { at: found[0].length, number: 1, line: 2 } };
}

function layoutFor(text: string, delimiter: string, start: ReadingStart): TableLayout {
  const dialect = { delimiter, backslash: escapesByBackslash(text, delimiter) };
  for (let length = sampleLength; ; length *= 4) {
    const sample = readSample(text.slice(0, length), dialect, start, length < text.length);
    if (sample.length >= 3 || length >= text.length) return { ...findNames(sample), dialect };
  }
}

/** First records of a text; the last one is left out when the text goes on after the sample. */
function readSample(text: string, dialect: Dialect, start: ReadingStart, isCut: boolean): TextRecord[] {
  const reader = new RecordReader(text, dialect, null, start);
  const records: TextRecord[] = [];
  for (let record = reader.next(); record && records.length < sampleRecords; record = reader.next())
    records.push(record);
  return isCut && reader.position >= text.length ? records.slice(0, -1) : records;
}

/** Names that are found count most, then the number of cells in rows of one width. */
function score({ names, rows, width }: TableLayout): number {
  if (width < 2) return 0;
  return (names ? 1e9 : 0) + (rows.length + 1) * (width - 1);
}

/** Whether more records have one width when \" is a quotation mark inside a cell than when the backslash is a letter. */
function escapesByBackslash(text: string, delimiter: string): boolean {
  const first = text.indexOf('\\"');
  if (first < 0) return false;
  const begin = Math.max(text.lastIndexOf('\n', first), text.lastIndexOf('\r', first)) + 1;
  const part = text.slice(begin, begin + backslashWindow);
  return (
    alikeRecords(part, { delimiter, backslash: true }) > alikeRecords(part, { delimiter, backslash: false })
  );
}

function alikeRecords(text: string, dialect: Dialect): number {
  const reader = new RecordReader(text, dialect);
  const counts = new Map<number, number>();
  for (let record = reader.next(); record; record = reader.next())
    if (!record.fault) counts.set(record.cells.length, (counts.get(record.cells.length) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}
