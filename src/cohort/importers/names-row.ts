/**
 * Finds the row with the names of the columns: titles, blank lines and remarks may stand above it, or it may be missing.
 */
import { RowProfile, type Agreement } from './column-profile.ts';
import type { TextRecord } from './delimited-text.ts';

/** Where a table's names stand among its first records. */
export interface Layout {
  /** The record with the names; null: no record reads like names. */
  readonly names: TextRecord | null;
  /** What stands above the names and is not blank. */
  readonly above: readonly TextRecord[];
  /** Records below the names that have as many cells as most. */
  readonly rows: readonly TextRecord[];
  /** The number of cells that most records have. */
  readonly width: number;
  /** What is doubtful about the names, each with the number of the row it is about. */
  readonly doubts: readonly { readonly number: number; readonly reason: string }[];
}

/** Names are looked for in so many records that are not blank. */
const searched = 100;

/** Finds the names among the first records of a text. */
export function findNames(records: readonly TextRecord[]): Layout {
  const filled = records.filter((record) => record.fault !== null || filledCells(record) > 0);
  const width = usualWidth(filled);
  // Delimiters at the end of all rows make a column without a name and without cells.
  const usedWidth = Math.max(...rowsBelow(filled, -1, width).map(usedCells));
  const first = filled.slice(0, searched).findIndex((record) => hasNames(record, width, usedWidth));
  if (first < 0) return layoutWith(null, filled, width, { above: filled });
  const index = isTitle(filled, first, width) ? first + 1 : first;
  const names = filled[index]!;
  const { alike, unlike, wordsAlike, wordsUnlike } = agreement(filled, index, width);
  if (alike > 0 && unlike === 0)
    return layoutWith(namesAbove(filled, index), filled, width, { above: filled.slice(0, index) });
  const isDoubtful = alike > unlike || (alike + unlike === 0 && wordsAlike > wordsUnlike);
  const doubts = isDoubtful ? [{ number: names.number, reason: likeARow(names) }] : [];
  if (isSecondNames(filled, index + 1, width)) doubts.push(secondNamesDoubt(filled[index + 1]!));
  return layoutWith(names, filled, width, { doubts });
}

function agreement(filled: readonly TextRecord[], index: number, width: number): Agreement {
  const rows = rowsBelow(filled, index, width).map(({ cells }) => cells);
  return new RowProfile(rows, width).agreement(filled[index]!.cells);
}

function layoutWith(
  names: TextRecord | null,
  filled: readonly TextRecord[],
  width: number,
  { above, doubts = [] }: Partial<Pick<Layout, 'above' | 'doubts'>>,
): Layout {
  const index = names ? filled.indexOf(names) : -1;
  return {
    names,
    above: names ? filled.slice(0, index) : (above ?? []),
    rows: rowsBelow(filled, index, width),
    width,
    doubts,
  };
}

/** The number of cells that most records have; two and more go before one, earlier before later. */
function usualWidth(records: readonly TextRecord[]): number {
  const counts = new Map<number, number>();
  for (const { cells, fault } of records)
    if (!fault) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  let best = 0;
  for (const [width, count] of counts) {
    const most = counts.get(best) ?? 0;
    if (count > most || (count === most && best === 1)) best = width;
  }
  return best;
}

/** Whether a record may hold the names: as many cells as rows have, and enough of them filled for it to be no title. */
function hasNames(record: TextRecord, width: number, usedWidth: number): boolean {
  const { cells, fault } = record;
  if (fault || cells.length === 0) return false;
  if (cells.length === width) return filledCells(record) >= Math.max(Math.min(2, width), width / 2);
  const used = usedCells(record);
  return used === width || used === usedWidth;
}

/** The row right above the first that reads like the others, if it has cells enough for names: rows then have another number of cells. */
function namesAbove(filled: readonly TextRecord[], first: number): TextRecord | null {
  const above = filled[first - 1];
  return above && !above.fault && filledCells(above) >= 2 ? above : null;
}

/** Rows with as many cells as most; names that come again below are none. */
function rowsBelow(filled: readonly TextRecord[], index: number, width: number): TextRecord[] {
  const names = filled[index]?.cells;
  return filled
    .slice(index + 1)
    .filter(({ cells, fault }) => !fault && cells.length === width)
    .filter(({ cells }) => !names || cells.some((cell, i) => cell !== names[i]));
}

/** Whether a row reads like names above the rows below it, and not like one of them. */
function isSecondNames(filled: readonly TextRecord[], index: number, width: number): boolean {
  const second = filled[index];
  if (!second || second.fault || second.cells.length !== width) return false;
  if (rowsBelow(filled, index, width).length < 3 || filledCells(second) <= width / 2) return false;
  const { alike, unlike } = agreement(filled, index, width);
  return alike === 0 && unlike > 0;
}

/** A title whose commas give it as many cells as the rows have: names follow below it, after a gap or in plainer words. */
function isTitle(filled: readonly TextRecord[], first: number, width: number): boolean {
  if (!isSecondNames(filled, first + 1, width)) return false;
  const [title, names] = [filled[first]!, filled[first + 1]!];
  return names.line > title.line + title.lines || plainNames(names) > plainNames(title);
}

/** Cells of one or two words that tables call a film, a patient or a study. */
function plainNames({ cells }: TextRecord): number {
  return cells.filter((cell) => /^(\S+\s)?\S+$/.test(cell) && plainName.test(cell)).length;
}

const plainName = /image|film|file|path|dicom|patient|subject|study|report|(^|[ _.-])(id|uid|pid|mrn)$/i;

function secondNamesDoubt(second: TextRecord): Layout['doubts'][number] {
  return {
    number: second.number,
    reason: `The row ${quoted(second)} reads like a second row of names; it is read as a row. Delete the one of the two that does not name the columns.`,
  };
}

function likeARow(record: TextRecord): string {
  return `The names of the columns, ${quoted(record)}, read much like the rows below. If the table has no row of names, write one above it.`;
}

/** The cells of a record that are filled, in quotation marks and shortened. */
export function quoted({ cells }: TextRecord): string {
  const text = cells.filter((cell) => cell !== '').join(', ');
  return `“${text.length > 80 ? `${text.slice(0, 80)}…` : text}”`;
}

function usedCells({ cells }: TextRecord): number {
  return cells.findLastIndex((cell) => cell !== '') + 1;
}

function filledCells({ cells }: TextRecord): number {
  return cells.reduce((count, cell) => count + (cell === '' ? 0 : 1), 0);
}
