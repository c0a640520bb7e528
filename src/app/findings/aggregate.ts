/**
 * Conditions gathered over the axes of a study: some axes are rows, over the others a plain mean is taken.
 */
import type { Comparison, Condition, Estimate, Findings } from '../../study/findings/findings.ts';
import { conditionWord } from './condition-words.ts';

/** An axis of a study. */
export type Axis = keyof Condition;

/** All axes, in the order of tables. */
export const axes: readonly Axis[] = [
  'label',
  'arm',
  'trainingSize',
  'tuning',
  'pretraining',
  'imageEncoder',
];

/** What is averaged: a metric by registry name, or the gain in AUROC over the baseline or net of the control. */
export type Measure = `metric:${string}` | 'gain' | 'net';

/** One condition with the number that enters the mean. */
export interface Measured {
  readonly condition: Condition;
  readonly estimate: Estimate;
  readonly seeds: number;
}

/** Conditions that agree in the row axes. */
export interface Group {
  readonly key: string;
  /** Any of its conditions: read only the row axes. */
  readonly of: Condition;
  /** Mean over the conditions whose value is defined; null when none is. No interval: conditions share patients, and which there are was chosen. */
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Conditions whose value is defined, of all. */
  readonly defined: number;
  readonly members: readonly Measured[];
  /** Seeds of a condition, from the fewest to the most. */
  readonly seeds: readonly [number, number];
}

/** A column to sort by. */
export type GroupKey = Axis | 'mean' | 'low' | 'high' | 'defined' | 'seeds';

/** Every condition that has the measure; those to which it does not apply are left out, those on which it is undefined are not. */
export function measuredConditions(
  { cells, comparisons }: Pick<Findings, 'cells' | 'comparisons'>,
  measure: Measure,
): Measured[] {
  if (measure !== 'gain' && measure !== 'net') {
    const name = measure.slice('metric:'.length);
    return cells.flatMap((cell) => {
      const estimate = cell.metrics[name];
      return estimate ? [{ condition: conditionOf(cell), estimate, seeds: cell.seeds.length }] : [];
    });
  }
  const comparedTo: Comparison['comparedTo'] = measure === 'gain' ? 'baseline' : 'selfDistilled';
  const seedsOf = new Map(cells.map((cell) => [keyOf(cell, axes), cell.seeds.length]));
  return comparisons
    .filter((comparison) => comparison.comparedTo === comparedTo)
    .map((comparison) => ({
      condition: conditionOf(comparison),
      estimate: comparison.difference,
      seeds: seedsOf.get(keyOf(comparison, axes)) ?? 0,
    }));
}

/** Gathers conditions by the row axes, in the order in which they come. @param rows none: all in one group. */
export function aggregate(measured: readonly Measured[], rows: readonly Axis[]): Group[] {
  const groups = new Map<string, Measured[]>();
  for (const one of measured) {
    const key = keyOf(one.condition, rows);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups].map(([key, members]) => groupOf(key, members));
}

/** True when all groups have conditions of the same averaged axes, so that their means stand for the same things. */
export function isBalanced(groups: readonly Group[], rows: readonly Axis[]): boolean {
  const averaged = axes.filter((axis) => !rows.includes(axis));
  const sets = groups.map(({ members }) =>
    JSON.stringify(
      members
        .filter(({ estimate }) => estimate.value !== null)
        .map(({ condition }) => keyOf(condition, averaged))
        .sort(),
    ),
  );
  return new Set(sets).size <= 1;
}

/** Groups sorted by a column; what is undefined comes last either way. */
export function sortGroups(groups: readonly Group[], key: GroupKey, descending: boolean): Group[] {
  const sign = descending ? -1 : 1;
  return [...groups].sort((a, b) => {
    const [left, right] = [sortValue(a, key), sortValue(b, key)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * (left < right ? -1 : left > right ? 1 : 0);
  });
}

function groupOf(key: string, members: readonly Measured[]): Group {
  const values = members.flatMap(({ estimate }) => estimate.value ?? []);
  const seeds = members.map((one) => one.seeds);
  const some = values.length > 0;
  return {
    key,
    of: members[0]!.condition,
    mean: some ? values.reduce((sum, value) => sum + value, 0) / values.length : null,
    low: some ? Math.min(...values) : null,
    high: some ? Math.max(...values) : null,
    defined: values.length,
    members,
    seeds: [Math.min(...seeds), Math.max(...seeds)],
  };
}

function sortValue(group: Group, key: GroupKey): number | string | null {
  if (key === 'mean' || key === 'low' || key === 'high' || key === 'defined') return group[key];
  if (key === 'seeds') return group.seeds[0];
  if (key !== 'trainingSize') return conditionWord(group.of, key);
  const { trainingSize } = group.of;
  return trainingSize === 'all' ? Infinity : trainingSize;
}

function conditionOf(one: Condition): Condition {
  const { label, arm, tuning, pretraining, imageEncoder, trainingSize } = one;
  return { label, arm, tuning, pretraining, imageEncoder, trainingSize };
}

function keyOf(condition: Condition, of: readonly Axis[]): string {
  return JSON.stringify(of.map((axis) => condition[axis]));
}
