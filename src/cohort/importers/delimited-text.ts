/**
 * Cuts a text into records and cells, as RFC 4180 (https://www.rfc-editor.org/rfc/rfc4180) has it and as programs write it: every kind of
 * line end, spaces before a quotation mark, quotation marks inside bare cells, and those escaped by a backslash.
 *
 * A record that breaks the rules loses only its first line; reading continues in the next one. The time is linear in the text's length,
 * whatever it holds.
 */

/** How a text keeps its cells. */
export interface Dialect {
  /** One character between the cells. */
  readonly delimiter: string;
  /** Inside quoted cells \" is a quotation mark and \\ a backslash, beside the doubled mark. */
  readonly backslash: boolean;
}

/** Why a record could not be cut into cells. */
export type RecordFault = 'open quote' | 'stray quote';

/** One record of a text. */
export interface TextRecord {
  /** Number of the record as a spreadsheet counts rows, blank lines among them. */
  readonly number: number;
  /** The line of the text on which it begins, from 1. */
  readonly line: number;
  /** How many lines it takes. */
  readonly lines: number;
  /** Where the next record begins, as an index into the text. */
  readonly end: number;
  /** Cells without the space around them; those before the fault when there is one. */
  readonly cells: readonly string[];
  readonly fault: RecordFault | null;
}

/** Where reading begins: an index into the text, and what the first record there counts as. */
export interface ReadingStart {
  readonly at: number;
  readonly number: number;
  readonly line: number;
}

/**
 * Whether cells read like a row of the table. With it, a quotation mark that nobody closed is told from a cell of several lines: the lines
 * that such a cell would swallow read like rows of their own.
 */
export type RowTest = (cells: readonly string[]) => boolean;

const quote = 34;
const newline = 10;
const carriageReturn = 13;

/** Reads the records of a text one after the other. */
export class RecordReader {
  readonly #text: string;
  readonly #dialect: Dialect;
  readonly #delimiter: number;
  readonly #isRow: RowTest | null;
  #at: number;
  #number: number;
  #line: number;
  /** First line break at or after the place last asked for. */
  #break = -1;
  #breakAskedFor = 0;
  /** A quoted cell that crosses a line break before this place ends in a fault that is known already. */
  #doomedUntil = 0;
  #cells: string[] = [];
  /** Index of the last cell that holds a line break; −1: none. */
  #longCell = -1;

  constructor(text: string, dialect: Dialect, isRow: RowTest | null = null, start?: ReadingStart) {
    this.#text = text;
    this.#dialect = dialect;
    this.#delimiter = dialect.delimiter.charCodeAt(0);
    this.#isRow = isRow;
    this.#at = start?.at ?? 0;
    this.#number = start?.number ?? 1;
    this.#line = start?.line ?? 1;
  }

  /** How much of the text was read, in characters. */
  get position(): number {
    return this.#at;
  }

  /** The next record, or null at the end of the text. */
  next(): TextRecord | null {
    const begin = this.#at;
    if (begin >= this.#text.length) return null;
    this.#cells = [];
    this.#longCell = -1;
    const end = this.#readCells(begin);
    if (typeof end === 'string') return this.#refuse(begin, end);
    if (this.#longCell >= 0 && this.#hasSwallowedRows(begin, end)) {
      this.#doomedUntil = Math.max(this.#doomedUntil, end);
      return this.#refuse(begin, 'open quote');
    }
    return this.#finish(end, this.#longCell < 0 ? 1 : this.#countBreaks(begin, end) + 1, null);
  }

  /** Reads cells up to the end of the record; where that is, or what is wrong. */
  #readCells(begin: number): number | RecordFault {
    let at = begin;
    for (;;) {
      const open = this.#skipSpaces(at);
      const end = this.#text.charCodeAt(open) === quote ? this.#readQuoted(open) : this.#readBare(at);
      if (typeof end === 'string' || this.#text.charCodeAt(end) !== this.#delimiter) return end;
      at = end + 1;
    }
  }

  #readBare(begin: number): number {
    const text = this.#text;
    let end = begin;
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end);
      if (code === this.#delimiter || code === newline || code === carriageReturn) break;
    }
    this.#cells.push(bareCell(text.slice(begin, end)));
    return end;
  }

  #readQuoted(open: number): number | RecordFault {
    const text = this.#text;
    const firstBreak = this.#breakAfter(open);
    const limit = firstBreak < this.#doomedUntil ? firstBreak : Infinity;
    let hasDoubled = false;
    let close = open + 1;
    for (;;) {
      close = text.indexOf('"', close);
      if (close < 0 || close > limit) return this.#doom(close < 0 ? text.length : close, 'open quote');
      if (this.#dialect.backslash && this.#isEscaped(open, close)) close += 1;
      else if (text.charCodeAt(close + 1) === quote) {
        hasDoubled = true;
        close += 2;
      } else break;
    }
    const end = this.#skipSpaces(close + 1);
    if (!this.#endsCell(end)) return this.#doom(close, close > firstBreak ? 'open quote' : 'stray quote');
    if (close > firstBreak) this.#longCell = this.#cells.length;
    this.#cells.push(this.#unquote(text.slice(open + 1, close), hasDoubled));
    return end;
  }

  #doom(at: number, fault: RecordFault): RecordFault {
    this.#doomedUntil = Math.max(this.#doomedUntil, at);
    return fault;
  }

  #endsCell(at: number): boolean {
    if (at >= this.#text.length) return true;
    const code = this.#text.charCodeAt(at);
    return code === this.#delimiter || code === newline || code === carriageReturn;
  }

  /** Whether an odd number of backslashes stands before the mark. */
  #isEscaped(open: number, mark: number): boolean {
    let first = mark;
    while (first - 1 > open && this.#text[first - 1] === '\\') first--;
    return (mark - first) % 2 === 1;
  }

  #unquote(raw: string, hasDoubled: boolean): string {
    let cell = raw;
    if (this.#dialect.backslash && cell.includes('\\'))
      cell = cell.replace(/\\(\r\n|["\\\r\n])|""/g, (found, escaped?: string) =>
        found === '""' ? '"' : escaped!,
      );
    else if (hasDoubled) cell = cell.replaceAll('""', '"');
    if (cell.includes('\r')) cell = cell.replace(/\r\n?/g, '\n');
    return bareCell(cell);
  }

  /** Spaces that may stand around quotation marks, and characters that show nothing: zero bytes and byte-order marks. */
  #skipSpaces(at: number): number {
    for (; ; at++) {
      const code = this.#text.charCodeAt(at);
      const isSpace = code === 32 || code === 9 || code === 0xa0 || code === 0xfeff || code === 0;
      if (!isSpace || code === this.#delimiter) return at;
    }
  }

  /** Whether the lines below the first one of a record are rows, and not the text of a cell. */
  #hasSwallowedRows(begin: number, end: number): boolean {
    if (!this.#isRow) return false;
    const firstEnd = this.#breakAfter(begin);
    const second = this.#afterBreak(firstEnd);
    const secondEnd = this.#breakAfter(second);
    if (secondEnd < end && this.#isRowAlone(second, secondEnd)) return true;
    let last = end;
    while (!isBreak(this.#text.charCodeAt(last - 1))) last--;
    if (!this.#isRowAlone(last, end)) return false;
    // The end of a long text in the first column is followed by all other cells, as in a row of its own.
    return this.#longCell > 0 || this.#isRowAlone(begin, firstEnd);
  }

  #isRowAlone(begin: number, end: number): boolean {
    const line = this.#text.slice(begin, end);
    const record = new RecordReader(line, this.#dialect).next();
    if (!record) return false;
    return this.#isRow!(record.fault ? line.split(this.#dialect.delimiter).map(bareCell) : record.cells);
  }

  #refuse(begin: number, fault: RecordFault): TextRecord {
    return this.#finish(this.#breakAfter(begin), 1, fault);
  }

  #finish(end: number, lines: number, fault: RecordFault | null): TextRecord {
    this.#at = this.#afterBreak(end);
    const [number, line] = [this.#number, this.#line];
    this.#number += 1;
    this.#line += lines;
    return { number, line, lines, end: this.#at, cells: this.#cells, fault };
  }

  /** Place of the first line break at or after a place; the text's length when there is none. */
  #breakAfter(at: number): number {
    if (this.#break >= at && this.#breakAskedFor <= at) return this.#break;
    let found = at;
    while (found < this.#text.length && !isBreak(this.#text.charCodeAt(found))) found++;
    this.#breakAskedFor = at;
    return (this.#break = found);
  }

  #afterBreak(at: number): number {
    return this.#text.charCodeAt(at) === carriageReturn && this.#text.charCodeAt(at + 1) === newline
      ? at + 2
      : at + 1;
  }

  #countBreaks(begin: number, end: number): number {
    let count = 0;
    for (let at = this.#breakAfter(begin); at < end; at = this.#breakAfter(this.#afterBreak(at))) count++;
    return count;
  }
}

function isBreak(code: number): boolean {
  return code === newline || code === carriageReturn;
}

/** A cell without space around it; ="0042", by which Excel keeps digits as text, is read as that text. */
function bareCell(cell: string): string {
  const trimmed = cell.trim();
  if (trimmed.charCodeAt(0) !== 61) return trimmed;
  return /^="([^"]*)"$/.exec(trimmed)?.[1]?.trim() ?? trimmed;
}
