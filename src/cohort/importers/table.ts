/**
 * Tables: names of the columns, then rows. A broken row is refused by its number and line; other rows are not affected.
 */
import { InputError } from '../../errors.ts';
import { MessageBreaks } from '../../progress/message-breaks.ts';
import type { ImportProblem } from '../cohort.ts';
import { RowProfile } from './column-profile.ts';
import type { DamagedText } from './decode-text.ts';
import { RecordReader } from './delimited-text.ts';
import { isZip } from './file-kind.ts';
import type { FolderFile, Watch } from './importer.ts';
import { RowCollector } from './row-collector.ts';
import { readSpreadsheet, type SheetTable } from './spreadsheet.ts';
import { readLayout } from './table-dialect.ts';
import { readTableText, readTextHead } from './table-text.ts';

/** One row of a table. */
export interface TableRow {
  /** Number of the row as a spreadsheet shows it: blank lines count, and a cell of several lines counts no more than others. */
  readonly number: number;
  /** The line on which the row begins, as an editor shows it. */
  readonly line: number;
  /** One trimmed cell a column. */
  readonly cells: readonly string[];
}

/** A table with the rows that could be read. */
export interface Table {
  readonly path: string;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
  /** What is doubtful or left out. Of a kind that is found very often, the first are listed and the rest counted. */
  readonly problems: readonly ImportProblem[];
  /** How many rows are left out, listed in `problems` or not. */
  readonly refusedRows: number;
}

/** Whether a file is a table by its name. */
export function isTable({ path }: FolderFile): boolean {
  return /\.((csv|tsv|tab)(\.gz)?|xlsx|xlsm)$/i.test(path) && !/(^|\/)~\$[^/]*$/.test(path);
}

/**
 * Reads a whole table, and gives way to other work while it does.
 * @throws InputError naming the file when it is empty, too large, not Unicode text, no table, or has no names; StoppedError.
 */
export async function readTable(source: FolderFile, watch?: Watch): Promise<Table> {
  if (await isArchive(source)) return sheetTable(source, await readSpreadsheet(source));
  const reading = new TableReading(await readTableText(source, watch), source.path);
  const breaks = new MessageBreaks(watch?.signal);
  while (reading.readOn())
    if (await breaks.pauseIfDue())
      watch?.onProgress('Reading the table', reading.total + reading.done, 2 * reading.total);
  return reading.table();
}

/** Reads the first rows of a table, enough to see what its columns hold. @throws InputError as `readTable`. */
export async function readTableHead(source: FolderFile, bytes = 262_144): Promise<Table> {
  if (await isArchive(source)) return sheetTable(source, await readSpreadsheet(source, headRows));
  const { text, isWhole } = await readTextHead(source, bytes);
  const table = readAll(text, source.path);
  return isWhole ? table : { ...table, rows: table.rows.slice(0, -1), problems: [], refusedRows: 0 };
}

/** The table in a text. @throws InputError naming the file when it has no row with names. */
export function parseTable(text: string, path: string): Table {
  return readAll({ text, damagedLines: 0 }, path);
}

/** Rows of each sheet that show what its columns hold. */
const headRows = 500;

function readAll(text: DamagedText, path: string): Table {
  const reading = new TableReading(text, path);
  while (reading.readOn());
  return reading.table();
}

/** A spreadsheet is told by its content: it is a zip archive. */
async function isArchive({ file }: FolderFile): Promise<boolean> {
  return isZip(new Uint8Array(await file.slice(0, 4).arrayBuffer()));
}

function sheetTable({ path }: FolderFile, sheet: SheetTable): Table {
  const rows = new RowCollector(path, sheet.layout, { hasZeros: false, isDamaged: false });
  const { number } = sheet.layout.names!;
  for (const record of sheet.records) if (record.number > number) rows.add(record);
  const { problems, ...table } = rows.finish();
  const doubts = sheet.doubts.map((reason) => ({ where: path, reason, severity: 'warned' as const }));
  return { path, ...table, problems: [...doubts, ...problems] };
}

/** Records read at once; between them there may be a pause. */
const recordsAtOnce = 1000;

/** A text on its way to a table. */
class TableReading {
  /** Length of the text in characters. */
  readonly total: number;
  readonly #path: string;
  readonly #reader: RecordReader;
  readonly #rows: RowCollector;

  constructor({ text: whole, damagedLines }: DamagedText, path: string) {
    // DOS ended texts with this character.
    const text = whole.endsWith('\x1a') ? whole.slice(0, -1) : whole;
    if (/^[\s\0]*$/.test(text)) throw new InputError(emptySentence(text, path));
    this.total = text.length;
    this.#path = path;
    const layout = readLayout(text);
    const faults = { hasZeros: text.includes('\0'), isDamaged: damagedLines > 0 };
    this.#rows = new RowCollector(path, layout, faults);
    const { number, line, lines, end } = layout.names!;
    const start = { at: end, number: number + 1, line: line + lines };
    const profile = new RowProfile(
      layout.rows.map(({ cells }) => cells),
      this.#rows.columns.length,
    );
    // One row is not enough to know what rows look like.
    const isRow = layout.rows.length >= 2 ? (cells: readonly string[]) => profile.fits(cells) : null;
    this.#reader = new RecordReader(text, layout.dialect, isRow, start);
  }

  /** Characters read so far. */
  get done(): number {
    return this.#reader.position;
  }

  /** Reads some more records; false when there are none left. */
  readOn(): boolean {
    for (let i = 0; i < recordsAtOnce; i++) {
      const record = this.#reader.next();
      if (!record) return false;
      this.#rows.add(record);
    }
    return true;
  }

  table(): Table {
    return { path: this.#path, ...this.#rows.finish() };
  }
}

function emptySentence(text: string, path: string): string {
  return text.includes('\0')
    ? `${path} holds nothing but zero bytes; it is damaged. Copy it again from its source.`
    : `${path} is empty; its first row must hold the names of the columns.`;
}

/** What to do with a table of a kind that is not read; null for all else. */
export function unreadTable(path: string): string | null {
  return /\.(xlsx?|ods)$/i.test(path) ? 'Save it as CSV.' : null;
}
