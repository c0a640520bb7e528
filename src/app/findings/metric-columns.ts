/**
 * The columns of the metric table: which metrics there are, how cells are sorted by them.
 */
import type { Cell } from '../../study/findings/findings.ts';
import { metricWords } from '../../study/findings/words.ts';

/** A column to sort by. */
export type CellKey = 'arm' | 'trainingPatients' | `metric:${string}`;

/** All metrics of the cells, the known ones first and in their usual order. */
export function metricNames(cells: readonly Cell[]): string[] {
  const present = new Set(cells.flatMap((cell) => Object.keys(cell.metrics)));
  const usual = Object.keys(metricWords).filter((name) => present.has(name));
  return [...usual, ...[...present].filter((name) => !(name in metricWords)).sort()];
}

/** The cells sorted by a column; what is undefined comes last either way. */
export function sortCells(cells: readonly Cell[], key: CellKey, descending: boolean): Cell[] {
  const sign = descending ? -1 : 1;
  return [...cells].sort((a, b) => {
    const [left, right] = [valueOf(a, key), valueOf(b, key)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * (left < right ? -1 : left > right ? 1 : 0);
  });
}

function valueOf(cell: Cell, key: CellKey): number | string | null {
  if (key === 'arm' || key === 'trainingPatients') return cell[key];
  return cell.metrics[key.slice('metric:'.length)]?.value ?? null;
}
