/**
 * What the cells of each column look like, so that a row can be told from names, titles and lines of a report.
 */

/** What was seen in one column of some rows. */
interface ColumnProfile {
  /** Cells are of few shapes, and no words: numbers, dates, names of files. */
  isOfOneKind: boolean;
  /** How often each shape was seen; no more than `maxShapes` are kept. */
  readonly shapes: Map<string, number>;
  readonly values: Set<string>;
  filled: number;
  wordy: number;
  hasSpaces: boolean;
  longest: number;
}

/** How a row agrees with the rows that were looked at, counted in columns. */
export interface Agreement {
  /** Columns whose cells are all of a kind, such as numbers or file names, and the cell is of that kind or is not. */
  readonly alike: number;
  readonly unlike: number;
  /** The same for columns of words, where a name may look like a cell. */
  readonly wordsAlike: number;
  readonly wordsUnlike: number;
}

const maxShapes = 24;
const maxValues = 20;

/** Columns of some rows, all of one width. */
export class RowProfile {
  readonly #columns: readonly ColumnProfile[];

  /** @param rows cells of rows, each with `width` cells or more. */
  constructor(rows: readonly (readonly string[])[], width: number) {
    this.#columns = Array.from({ length: width }, (_, i) => profileOf(rows, i));
  }

  /** Whether each cell is like those of its column, and nothing stands beyond the last one. Never where all columns hold words. */
  fits(cells: readonly string[]): boolean {
    return (
      cells.length >= this.#columns.length &&
      this.#columns.some((column) => column.isOfOneKind) &&
      this.#columns.every((column, i) => fitsColumn(column, cells[i]!)) &&
      cells.slice(this.#columns.length).every((cell) => cell === '')
    );
  }

  /** How much a row looks like the others. */
  agreement(cells: readonly string[]): Agreement {
    const counts = { alike: 0, unlike: 0, wordsAlike: 0, wordsUnlike: 0 };
    for (const [i, column] of this.#columns.entries()) {
      const cell = cells[i] ?? '';
      if (cell === '' || column.filled === 0) continue;
      if (column.isOfOneKind) counts[column.shapes.has(shapeOf(cell)) ? 'alike' : 'unlike']++;
      else if (column.wordy > column.filled / 2) counts[isWordy(cell) ? 'wordsAlike' : 'wordsUnlike']++;
      else if (column.values.size < maxValues)
        counts[column.values.has(cell) ? 'wordsAlike' : 'wordsUnlike']++;
    }
    return counts;
  }
}

function profileOf(rows: readonly (readonly string[])[], index: number): ColumnProfile {
  const profile: ColumnProfile = {
    isOfOneKind: false,
    shapes: new Map(),
    values: new Set(),
    filled: 0,
    wordy: 0,
    hasSpaces: false,
    longest: 0,
  };
  for (const cells of rows) {
    const cell = cells[index] ?? '';
    const shape = shapeOf(cell);
    if (profile.shapes.size < maxShapes || profile.shapes.has(shape))
      profile.shapes.set(shape, (profile.shapes.get(shape) ?? 0) + 1);
    if (profile.values.size < maxValues) profile.values.add(cell);
    if (cell === '') continue;
    profile.filled += 1;
    if (isWordy(cell)) profile.wordy += 1;
    profile.hasSpaces ||= /\s/.test(cell);
    profile.longest = Math.max(profile.longest, cell.length);
  }
  profile.isOfOneKind = isOfOneKind(profile);
  return profile;
}

/** In a column of words, only a cell that looks unlike any word is known not to belong. */
function fitsColumn(column: ColumnProfile, cell: string): boolean {
  if (column.isOfOneKind) return column.shapes.has(shapeOf(cell));
  return column.hasSpaces || (!/\s/.test(cell) && cell.length <= 2 * column.longest);
}

/** At most four shapes, nine in ten cells of them, and each with a digit or a sign: no column of words. */
function isOfOneKind({ shapes, filled }: ColumnProfile): boolean {
  const counts = [...shapes].filter(([shape]) => shape !== '' && /[^a ]/.test(shape) && shape !== 'text');
  const common = counts.map(([, count]) => count).sort((a, b) => b - a);
  return common.slice(0, 4).reduce((sum, count) => sum + count, 0) >= 0.9 * filled;
}

/** Runs of letters as a, of digits as 9, of space as one space; long cells are just text. */
function shapeOf(cell: string): string {
  if (cell.length > 60) return 'text';
  const shape = cell
    .replace(/\p{L}+/gu, 'a')
    .replace(/[0-9]+/g, '9')
    .replace(/\s+/g, ' ');
  return shape.split(' ').length > 4 ? 'text' : shape;
}

function isWordy(cell: string): boolean {
  return cell.includes('\n') || cell.split(/\s+/, 5).length === 5;
}
