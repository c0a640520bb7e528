/**
 * Spreadsheets in .xlsx: the first sheet that holds a table, its cells as text.
 *
 * The library that reads them is loaded only when one is read. How much an archive unpacks to is checked before that, by what it states;
 * the library stops where an archive holds more than it states.
 */
import type { CellValue, Sheet } from 'hucre/xlsx';
import { errorSentence, InputError } from '../../errors.ts';
import type { TextRecord } from './delimited-text.ts';
import type { FolderFile } from './importer.ts';
import { findNames, type Layout } from './names-row.ts';

/** A sheet of a spreadsheet that may be a table. */
export interface SheetTable {
  readonly name: string;
  readonly layout: Layout;
  /** All rows of the sheet. */
  readonly records: readonly TextRecord[];
  /** What may not be as the person meant it, as sentences. */
  readonly doubts: readonly string[];
}

/** Larger spreadsheets are refused. */
const maxPackedBytes = 100_000_000;
const maxUnpackedBytes = 400_000_000;

/** Names are looked for in so many rows of a sheet. */
const sampleRows = 2000;

/**
 * Reads the first sheet with a table, hidden sheets aside.
 * @param maxRows read no more rows of a sheet.
 * @throws InputError naming the file when it is too large, damaged, no spreadsheet, or has no table.
 */
export async function readSpreadsheet({ path, file }: FolderFile, maxRows?: number): Promise<SheetTable> {
  if (file.size > maxPackedBytes) throw tooLarge(path);
  const bytes = new Uint8Array(await file.arrayBuffer());
  checkArchive(bytes, path);
  const sheets = (await readSheets(bytes, path, maxRows)).map(sheetOf);
  const tables = sheets.filter(({ layout }) => layout.names && layout.width > 1 && layout.rows.length > 0);
  const chosen = tables[0] ?? sheets.find(({ records }) => records.length > 0);
  if (!chosen) throw new InputError(`${path} is empty; its first row must hold the names of the columns.`);
  return { ...chosen, doubts: [...otherSheets(chosen.name, tables.slice(1)), ...chosen.doubts] };
}

function otherSheets(name: string, others: readonly SheetTable[]): string[] {
  const names = others.map((other) => `“${other.name}”`).join(', ');
  return others.length === 0
    ? []
    : [
        `The sheet “${name}” is read; tables stand also in ${names}. Save another sheet as a file of its own to have it read.`,
      ];
}

async function readSheets(bytes: Uint8Array, path: string, maxRows?: number): Promise<readonly Sheet[]> {
  try {
    const { readXlsx } = await import('hucre/xlsx');
    const { sheets } = await readXlsx(bytes, {
      sheets: ({ hidden, veryHidden }) => !hidden && !veryHidden,
      ...(maxRows === undefined ? {} : { maxRows }),
    });
    return sheets;
  } catch (error) {
    throw new InputError(
      `${path} cannot be read as a spreadsheet (${errorSentence(error)}). Open it and save it again as .xlsx, or as “CSV UTF-8”.`,
    );
  }
}

function sheetOf({ name, rows, cells: special }: Sheet): SheetTable {
  const firstColumn = firstUsedColumn(rows);
  const records = rows.map((cells, i): TextRecord => ({
    number: i + 1,
    line: i + 1,
    lines: 1,
    end: 0,
    cells: cells.slice(firstColumn).map(cellText),
    fault: null,
  }));
  const doubts = [...longNumbers(rows), ...uncalculated(special)];
  return { name, layout: findNames(records.slice(0, sampleRows)), records, doubts };
}

function longNumbers(rows: Sheet['rows']): string[] {
  const isLong = (cell: CellValue): boolean =>
    typeof cell === 'number' && Math.abs(cell) > Number.MAX_SAFE_INTEGER;
  const row = rows.findIndex((cells) => cells.some(isLong));
  return row < 0
    ? []
    : [
        `Row ${row + 1} holds a number of more than 15 digits, of which a spreadsheet keeps 15. If it is an id, it is wrong, as others below may be: enter ids as text.`,
      ];
}

function uncalculated(cells: Sheet['cells']): string[] {
  const places = [...(cells ?? [])]
    .filter(([, { formula, value }]) => formula !== undefined && value === null)
    .map(([place]) => Number(place.split(',')[0]) + 1);
  return places.length === 0
    ? []
    : [
        `Formulas without results, which no spreadsheet has calculated yet: ${places.length}, the first in row ${places[0]}. They are read as blank. Open the file in a spreadsheet and save it again.`,
      ];
}

/** Some people begin tables a column or two to the right. */
function firstUsedColumn(rows: readonly (readonly CellValue[])[]): number {
  let first = Infinity;
  for (const cells of rows) {
    const used = cells.findIndex((cell) => cell !== null && cell !== '');
    if (used >= 0 && used < first) first = used;
  }
  return first;
}

function cellText(cell: CellValue): string {
  if (cell === null) return '';
  if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE';
  if (cell instanceof Date) return dateText(cell);
  return typeof cell === 'number' ? String(cell) : cell.replace(/\r\n?/g, '\n').trim();
}

/** A day, a day with a time, or a time alone, which spreadsheets keep as a part of the day before their first one. */
function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return '#VALUE!';
  const [day, time] = date.toISOString().slice(0, 19).split('T') as [string, string];
  if (day < '1900-01-01') return time;
  return time === '00:00:00' ? day : `${day} ${time}`;
}

/** What an archive states of itself. */
interface Archive {
  readonly names: readonly string[];
  readonly unpackedBytes: number;
  /** A part states that it unpacks to nothing, but it does not. */
  readonly liesOfSize: boolean;
}

function checkArchive(bytes: Uint8Array, path: string): void {
  const archive = readArchive(bytes);
  if (!archive)
    throw new InputError(
      `${path} is cut or damaged: the list of its parts is missing. Copy it again from its source.`,
    );
  const { names, unpackedBytes, liesOfSize } = archive;
  if (names.includes('xl/workbook.bin'))
    throw new InputError(`${path} is a binary spreadsheet (.xlsb). Save it as .xlsx or as “CSV UTF-8”.`);
  if (names.includes('content.xml') || names.some((name) => name.startsWith('Index/')))
    throw new InputError(`${path} is a spreadsheet of another program. Save it as .xlsx or as “CSV UTF-8”.`);
  if (!names.includes('[Content_Types].xml') || !names.some((name) => name.startsWith('xl/')))
    throw new InputError(`${path} is no table but a zip archive. Unpack it.`);
  if (unpackedBytes > maxUnpackedBytes || liesOfSize) throw tooLarge(path);
}

/** The directory at the end of a zip archive; null when it is missing. Archives of more than 4 GB are not expected here. */
function readArchive(bytes: Uint8Array): Archive | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) return null;
  const names: string[] = [];
  let unpackedBytes = 0;
  let liesOfSize = false;
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) return null;
    const [packed, unpacked] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
    const nameLength = view.getUint16(at + 28, true);
    names.push(new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)));
    unpackedBytes += unpacked;
    liesOfSize ||= unpacked === 0 && packed > 2;
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return { names, unpackedBytes, liesOfSize };
}

function tooLarge(path: string): InputError {
  return new InputError(
    `${path} has more than 100 MB, or unpacks to more than 400 MB; larger spreadsheets are not read. Save it as “CSV UTF-8”, or split it.`,
  );
}
