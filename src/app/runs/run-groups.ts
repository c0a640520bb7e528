/**
 * Groups of runs that share their values on some axes, with mean and spread of their validation AUROCs. Grouping by all axes but the seed
 * gives the spread over seeds.
 */
import { valuesOf, valueWords, type RunAxis } from './run-filter.ts';
import type { RunLine } from '../shared/run-lines.ts';

/** Lines with equal values on the axes of a grouping. */
export interface RunGroup {
  readonly key: string;
  /** In words, axis by axis; an en dash where the lines have no such axis. */
  readonly values: readonly string[];
  readonly lines: readonly RunLine[];
  readonly done: number;
  /** Finished training runs whose validation AUROC is defined; the numbers below stand on these. */
  readonly measured: number;
  /** Null when nothing is measured. */
  readonly mean: number | null;
  /** Sample standard deviation, divisor measured − 1; null with fewer than two. */
  readonly standardDeviation: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** The groups in the order of their first lines. A run that several arms share stands in one group, under all their names. */
export function groupLines(lines: readonly RunLine[], axes: readonly RunAxis[]): RunGroup[] {
  const byKey = new Map<string, RunLine[]>();
  for (const line of lines) {
    const key = JSON.stringify(axes.map((axis) => valuesOf(line, axis)));
    const group = byKey.get(key);
    if (group) group.push(line);
    else byKey.set(key, [line]);
  }
  return [...byKey].map(([key, ofGroup]) => groupOf(key, ofGroup, axes));
}

function groupOf(key: string, lines: readonly RunLine[], axes: readonly RunAxis[]): RunGroup {
  // A run in progress has a best AUROC so far; that is not a result yet.
  const finished = lines.filter(({ state }) => state === 'done');
  const aurocs = finished.flatMap(({ kind, validationAuroc }) =>
    kind === 'run' && validationAuroc !== null ? [validationAuroc] : [],
  );
  const mean = aurocs.length > 0 ? aurocs.reduce((sum, one) => sum + one, 0) / aurocs.length : null;
  return {
    key,
    values: axes.map((axis) => wordsOf(lines[0]!, axis)),
    lines,
    done: finished.length,
    measured: aurocs.length,
    mean,
    standardDeviation: mean === null ? null : deviationOf(aurocs, mean),
    low: aurocs.reduce<number | null>((low, one) => (low === null ? one : Math.min(low, one)), null),
    high: aurocs.reduce<number | null>((high, one) => (high === null ? one : Math.max(high, one)), null),
  };
}

function wordsOf(line: RunLine, axis: RunAxis): string {
  return (
    valuesOf(line, axis)
      .map((value) => valueWords(axis, value))
      .join(', ') || '–'
  );
}

function deviationOf(values: readonly number[], mean: number): number | null {
  if (values.length < 2) return null;
  return Math.sqrt(values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (values.length - 1));
}
