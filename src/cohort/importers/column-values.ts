/**
 * What the columns of a table hold, looked at once: different values, blanks, numbers.
 */
import { countPhrase } from '../../count-words.ts';
import { commasOf, numberOf } from './cell-values.ts';
import type { ColumnValue } from './importer.ts';
import { isNothing } from './nothing.ts';
import type { Table } from './table.ts';

/** A column with what it holds. */
export interface ColumnValues {
  readonly name: string;
  /** Letters and digits of the name, in lower case. */
  readonly plain: string;
  readonly cells: readonly string[];
  /** Different filled values with their rows, in the order found; at most `mostDistinct`. */
  readonly counts: readonly ColumnValue[];
  /** Number of different filled values; `mostDistinct` + 1 stands for more. */
  readonly distinct: number;
  /** Cells that are empty. */
  readonly blanks: number;
  /** Smallest and largest, where all cells that say something are numbers. */
  readonly numbers: { readonly low: number; readonly high: number } | null;
}

/** Different values that are counted at most: a column of more is no list of words. */
export const mostDistinct = 1000;

/** Looks at all columns of a table. */
export function columnsOf(table: Table): ColumnValues[] {
  return table.columns.map((name, i) => columnValues(name, valuesOf(table, i)));
}

/** Looks at one column. */
export function columnValues(name: string, cells: readonly string[]): ColumnValues {
  const counts = new Map<string, number>();
  let blanks = 0;
  let isMore = false;
  for (const cell of cells) {
    if (cell === '') blanks++;
    const known = counts.get(cell);
    if (known !== undefined) counts.set(cell, known + 1);
    else if (counts.size <= mostDistinct) counts.set(cell, 1);
    else isMore = true;
  }
  counts.delete('');
  const listed = [...counts].map(([value, count]) => ({ value, count })).slice(0, mostDistinct);
  return {
    name,
    plain: plainName(name),
    cells,
    counts: listed,
    distinct: isMore ? mostDistinct + 1 : counts.size,
    blanks,
    numbers: numbersOf(isMore ? cells : listed.map(({ value }) => value)),
  };
}

function numbersOf(values: readonly string[]): { low: number; high: number } | null {
  let [low, high] = [Infinity, -Infinity];
  const commas = commasOf(values);
  for (const value of values) {
    if (value === '' || isNothing(value)) continue;
    const number = numberOf(value, commas);
    if (number === null) return null;
    low = Math.min(low, number);
    high = Math.max(high, number);
  }
  return low <= high ? { low, high } : null;
}

/** Cells of one column. */
export function valuesOf(table: Table, column: number): string[] {
  return table.rows.map(({ cells }) => cells[column]!);
}

/** Up to 2,000 cells that say something, from all over the column. */
export function sampleOf({ cells }: Pick<ColumnValues, 'cells'>): string[] {
  let filled = 0;
  for (const cell of cells) if (cell !== '') filled++;
  const step = Math.max(1, Math.floor(filled / 2000));
  const sample: string[] = [];
  let place = 0;
  for (const cell of cells) if (cell !== '' && place++ % step === 0 && !isNothing(cell)) sample.push(cell);
  return sample;
}

/** Letters and digits of a name, in lower case and without accents. */
export function plainName(name: string): string {
  return name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** A value and how many rows hold it, in words: "“normal” in 12 rows". */
export function valueWords({ value, count }: ColumnValue): string {
  return `“${value.length > 40 ? `${value.slice(0, 40)}…` : value}” in ${countPhrase(count, 'row')}`;
}
