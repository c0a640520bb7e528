/**
 * From records to rows: names the columns, keeps the rows that have a cell for each of them, and says of every other record why it is
 * left out.
 */
import { countPhrase, nounFor } from '../../count-words.ts';
import { InputError } from '../../errors.ts';
import type { ImportProblem } from '../cohort.ts';
import { unreadable } from './decode-text.ts';
import type { RecordFault, TextRecord } from './delimited-text.ts';
import { quoted, type Layout } from './names-row.ts';

/** What a text may hold beside letters. */
export interface TextFaults {
  readonly hasZeros: boolean;
  /** Bytes that are not UTF-8 were replaced. */
  readonly isDamaged: boolean;
}

type Fault = RecordFault | 'short' | 'long' | 'damaged';

interface KeptRow {
  readonly number: number;
  readonly line: number;
  readonly cells: readonly string[];
}

/** Different cells of one column that are kept once, to save memory; a column with more of them keeps each cell for itself. */
const sharedCells = 2000;

/** Refused rows of one kind that are listed one by one; the rest are counted. */
const listedRows = 2000;

/** Rows that a sentence names one by one. */
const namedRows = 10;

/** Collects the rows of one table. */
export class RowCollector {
  /** The names of the columns, all different. */
  readonly columns: readonly string[];
  readonly #path: string;
  /** The names as the table has them. */
  readonly #names: readonly string[];
  readonly #faults: TextFaults;
  readonly #problems: ImportProblem[] = [];
  readonly #rows: KeptRow[] = [];
  readonly #shared: (Map<string, string> | null)[];
  readonly #zeroRows: number[] = [];
  readonly #repeatedNames: number[] = [];
  /** Rows refused by the kind of their fault. */
  readonly #refused = new Map<Fault, number>();

  /** @throws InputError when the layout has no names. */
  constructor(path: string, layout: Layout, faults: TextFaults) {
    this.#path = path;
    this.#faults = faults;
    const names = checkNames(layout, path);
    this.#names = namesIn(names, layout.rows);
    this.#warnOfBeginning(layout);
    const isNumbered = hasRowNumbers(layout, this.#names.length);
    if (isNumbered) this.#warn(names.number, rowNumbersSentence);
    this.columns = this.#distinct(names.number, isNumbered ? ['', ...this.#names] : this.#names);
    this.#shared = this.columns.map(() => new Map<string, string>());
    if (faults.hasZeros && names.cells.some(hasZero)) this.#zeroRows.push(names.number);
  }

  /** Takes the next record below the names. */
  add(record: TextRecord): void {
    const cells = this.#faults.hasZeros ? this.#withoutZeros(record) : record.cells;
    const fault = record.fault ?? this.#faultOf(cells);
    if (fault !== null) this.#refuse(record, fault);
    else if (cells.every((cell) => cell === '')) return;
    else if (this.#repeatsNames(cells)) this.#repeatedNames.push(record.number);
    else
      this.#rows.push({
        number: record.number,
        line: record.line,
        cells: this.columns.map((_, i) => this.#share(visibleCell(cells[i]!), i)),
      });
  }

  /** What was collected, after the last record. */
  finish(): {
    readonly columns: readonly string[];
    readonly rows: readonly KeptRow[];
    readonly problems: readonly ImportProblem[];
    readonly refusedRows: number;
  } {
    this.#warnOfRows(
      this.#zeroRows,
      'held zero bytes, which no text has; they are dropped, and the rest is kept. Save the table again from its source.',
    );
    this.#warnOfRows(
      this.#repeatedNames,
      'repeated the names of the columns, as in tables put one below the other; these are no rows of the table.',
    );
    for (const [fault, count] of this.#refused)
      if (count > listedRows)
        this.#problems.push({
          where: this.#path,
          reason: `${count - listedRows} more rows are left out and not listed one by one, since ${reasons[fault]}.`,
          severity: 'refused',
          count: count - listedRows,
        });
    return {
      columns: this.columns,
      rows: this.#rows,
      problems: this.#problems,
      refusedRows: [...this.#refused.values()].reduce((sum, count) => sum + count, 0),
    };
  }

  #refuse(record: TextRecord, fault: Fault): void {
    const count = (this.#refused.get(fault) ?? 0) + 1;
    this.#refused.set(fault, count);
    if (count > listedRows) return;
    const reason = sentences[fault](record.cells.length, this.columns.length);
    this.#add('refused', rowPlace(this.#path, record), `${reason} The row is left out.`);
  }

  #warn(number: number, reason: string): void {
    this.#add('warned', `${this.#path} row ${number}`, reason);
  }

  #add(severity: ImportProblem['severity'], where: string, reason: string): void {
    this.#problems.push({ where, reason, severity });
  }

  #warnOfBeginning({ above, doubts }: Layout): void {
    const [first] = above;
    const last = above.at(-1);
    if (first && last) {
      const rows =
        first === last
          ? `Row ${first.number} stands above the names of the columns and is`
          : `Rows ${first.number} to ${last.number} stand above the names of the columns and are`;
      this.#warn(first.number, `${rows} passed over: ${above.map(quoted).join(' ')}.`);
    }
    for (const { number, reason } of doubts) this.#warn(number, reason);
  }

  #warnOfRows(numbers: readonly number[], sentence: string): void {
    if (numbers.length === 0) return;
    const more = numbers.length > namedRows ? ` and ${numbers.length - namedRows} more` : '';
    const rows = `${nounFor(numbers.length, 'Row')} ${numbers.slice(0, namedRows).join(', ')}${more}`;
    this.#add('warned', this.#path, `${rows} ${sentence}`);
  }

  #distinct(number: number, names: readonly string[]): string[] {
    const all = new Set(names);
    const taken = new Set<string>();
    return names.map((cell, i) => {
      const name = cell === '' ? `column ${i + 1}` : cell;
      let own = name;
      for (let copy = 2; taken.has(own) || (own !== name && all.has(own)); copy++) own = `${name} (${copy})`;
      taken.add(own);
      if (own !== name)
        this.#warn(
          number,
          `Two columns are called “${name}”; the later one is read as “${own}”. Rename it if it matters.`,
        );
      return own;
    });
  }

  /** Too few or too many cells mean that cells have moved; empty ones at the end do no harm. */
  #faultOf(cells: readonly string[]): Fault | null {
    const columns = this.columns.length;
    if (this.#faults.isDamaged && cells.some((cell) => cell.includes(unreadable))) return 'damaged';
    if (cells.length < columns) return cells.some((cell) => cell !== '') ? 'short' : null;
    for (let i = columns; i < cells.length; i++) if (cells[i] !== '') return 'long';
    return null;
  }

  #withoutZeros(record: TextRecord): readonly string[] {
    if (!record.cells.some(hasZero)) return record.cells;
    this.#zeroRows.push(record.number);
    return record.cells.map(dropZeros);
  }

  #repeatsNames(cells: readonly string[]): boolean {
    return (
      tidyName(cells[0]!) === this.#names[0] && this.#names.every((name, i) => tidyName(cells[i]!) === name)
    );
  }

  #share(cell: string, column: number): string {
    const shared = this.#shared[column];
    if (!shared || cell.length < 2) return cell;
    const known = shared.get(cell);
    if (known !== undefined) return known;
    if (shared.size < sharedCells) shared.set(cell, cell);
    else this.#shared[column] = null;
    return cell;
  }
}

/** Where a row stands: "labels.csv row 8", with the line on which it begins where an editor counts otherwise. */
export function rowPlace(
  path: string,
  { number, line }: { readonly number: number; readonly line: number },
): string {
  return line === number ? `${path} row ${number}` : `${path} row ${number} (line ${line})`;
}

/** What is wrong with a row, and what to do. */
const sentences: Readonly<Record<Fault, (cells: number, columns: number) => string>> = {
  'open quote': () =>
    `A quotation mark opens a cell that is not closed before the next row begins; close it, or write it twice if it is part of the text.`,
  'stray quote': () =>
    `A quotation mark stands inside a quoted cell, or one is missing at the end of a cell; write a mark that is part of the text twice ("").`,
  short: (cells, columns) =>
    `${counted(cells, columns)}; a cell is missing, or a line ends inside of one. Fill the row up, and put cells of several lines into quotation marks.`,
  long: (cells, columns) =>
    `${counted(cells, columns)}; put cells that hold the delimiter into quotation marks.`,
  damaged: () =>
    'The row holds a letter that is not UTF-8: its text is damaged, or in another encoding. Write the letter again, or save the table as UTF-8.',
};

/** The same for many rows at once. */
const reasons: Readonly<Record<Fault, string>> = {
  'open quote': 'quotation marks that open a cell are not closed',
  'stray quote': 'quotation marks stand inside quoted cells',
  short: 'they have fewer cells than the table has columns',
  long: 'they have more cells than the table has columns',
  damaged: 'they hold letters that are not UTF-8',
};

const rowNumbersSentence =
  'Rows have one cell more than there are names, and begin with their own numbers; these are read as a first column without a name.';

function counted(cells: number, columns: number): string {
  return `The row has ${countPhrase(cells, 'cell')}, but the table has ${countPhrase(columns, 'column')}`;
}

function checkNames({ names, above, rows }: Layout, path: string): TextRecord {
  if (names) return names;
  const broken = above.find(({ fault }) => fault !== null);
  if (broken)
    throw new InputError(
      `${rowPlace(path, broken)}, which should hold the names of the columns, cannot be read: ${sentences[broken.fault!](0, 0)}`,
    );
  const first = rows[0] ?? above[0];
  throw new InputError(
    `${path} has no row with the names of its columns${first ? `: row ${first.number}, ${quoted(first)}, reads like the rows below it` : ''}. Write the names above the rows, and choose the folder again.`,
  );
}

/** Names without what cannot be seen. Delimiters at the end of the row name no column, unless cells stand below them. */
function namesIn({ cells }: TextRecord, rows: readonly TextRecord[]): string[] {
  const names = cells.map(tidyName);
  while (names.at(-1) === '' && rows.every((row) => (row.cells[names.length - 1] ?? '') === '')) names.pop();
  return names;
}

function tidyName(cell: string): string {
  return dropZeros(cell)
    .replace(/[\u00AD\u200B-\u200F\u2060\uFEFF\uFFFF]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** R writes the numbers of rows into a column that has no name, so that all names seem to stand one column too far left. */
function hasRowNumbers({ rows, width }: Layout, names: number): boolean {
  return (
    names === width - 1 &&
    rows.length >= 2 &&
    rows.slice(0, 100).every(({ cells }, i) => cells[0] === String(i + 1))
  );
}

/** A cell without spaces and characters that cannot be seen at its ends: copied names bring them along, and then fit no file. */
function visibleCell(cell: string): string {
  let [begin, end] = [0, cell.length];
  while (begin < end && isUnseen(cell.charCodeAt(begin))) begin++;
  while (end > begin && isUnseen(cell.charCodeAt(end - 1))) end--;
  return begin === 0 && end === cell.length ? cell : cell.slice(begin, end).trim();
}

/** Soft hyphen, zero-width characters, marks of direction, byte-order mark. */
function isUnseen(code: number): boolean {
  return (
    code >= 0xad &&
    (code === 0xad || (code >= 0x200b && code <= 0x200f) || code === 0x2060 || code === 0xfeff)
  );
}

function hasZero(cell: string): boolean {
  return cell.includes('\0');
}

function dropZeros(cell: string): string {
  return cell.includes('\0') ? cell.replaceAll('\0', '').trim() : cell;
}
