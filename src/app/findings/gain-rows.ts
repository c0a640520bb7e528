/**
 * Gains in AUROC by arm and training size, each twice: over the image-only baseline, and net of the self-distilled control. Only the second is
 * credited to the report.
 */
import { arms } from '../../study/arms/registry.ts';
import type { Comparison, Condition } from '../../study/findings/findings.ts';
import { armStyles } from '../../figures/arm-looks.ts';
import {
  formatDifference,
  formatEitherWay,
  formatP,
  formatRange,
  formatTrainingSize,
} from '../../figures/number-words.ts';

/** The comparisons of one condition. */
export interface GainRow extends Condition {
  readonly overBaseline: Comparison;
  /** Null for arms that do not distil from reports. */
  readonly netOfControl: Comparison | null;
}

/** A row for each condition that is compared to the baseline, in the order of the comparisons. */
export function gainRows(comparisons: readonly Comparison[]): GainRow[] {
  return comparisons.flatMap((overBaseline) => {
    if (overBaseline.comparedTo !== 'baseline') return [];
    const { label, arm, tuning, pretraining, imageEncoder, trainingSize } = overBaseline;
    const condition = { label, arm, tuning, pretraining, imageEncoder, trainingSize };
    const netOfControl = comparisons.find(
      (other) => other.comparedTo === 'selfDistilled' && isOf(condition, other),
    );
    return [{ ...condition, overBaseline, netOfControl: netOfControl ?? null }];
  });
}

/** Why a row has no gain net of control. */
export function creditWord({ arm, netOfControl }: GainRow): string {
  const { role, netOfControl: isNet } = arms[arm];
  if (role === 'reader') return 'reads the report at test time';
  if (!isNet) return 'is the control';
  if (!netOfControl) return 'not measured';
  return role === 'control' ? 'a control: no credit to the report' : '';
}

/** The head of the table of gains, as it is copied. @param percent "95 % CI". */
export function gainHead(percent: string): string[] {
  const columns = [
    `(${percent}, patients)`,
    'across seeds',
    'p, Holm',
    'p, equivalence',
    'detectable difference',
  ];
  return [
    'Arm',
    'Trained on',
    ...columns.map((column) => `Over baseline: ${column}`),
    ...columns.map((column) => `Net of control: ${column}`),
    'Credit',
  ];
}

/** The lines below that head, as people read them. */
export function gainLines(rows: readonly GainRow[]): string[][] {
  return rows.map((row) => [
    armStyles[row.arm].label,
    formatTrainingSize(row.trainingSize),
    ...wordsOf(row.overBaseline),
    ...(row.netOfControl ? wordsOf(row.netOfControl) : Array.from({ length: 5 }, () => '–')),
    creditWord(row) || 'the report',
  ]);
}

/** The same as plain numbers, head first; null where there is none. */
export function gainNumbers(rows: readonly GainRow[]): (string | number | null)[][] {
  const names = ['difference', 'low', 'high', 'low across seeds', 'high across seeds'];
  const tests = ['p', 'p Holm', 'p DeLong', 'p across seeds', 'p equivalence', 'detectable difference'];
  const columns = [...names, ...tests];
  const numbers = (one: Comparison | null): (number | null)[] =>
    one ? numbersOf(one) : columns.map(() => null);
  return [
    [
      'label',
      'arm',
      'training size',
      ...columns.map((name) => `over baseline: ${name}`),
      ...columns.map((name) => `net of control: ${name}`),
    ],
    ...rows.map((row) => [
      row.label,
      row.arm,
      row.trainingSize,
      ...numbers(row.overBaseline),
      ...numbers(row.netOfControl),
    ]),
  ];
}

function wordsOf(comparison: Comparison): string[] {
  return [
    formatDifference(comparison.difference),
    formatRange(comparison.acrossSeeds),
    formatP(comparison.adjustedP),
    formatP(comparison.equivalenceP),
    formatEitherWay(comparison.detectableDifference),
  ];
}

function numbersOf(one: Comparison): (number | null)[] {
  return [
    one.difference.value,
    one.difference.low,
    one.difference.high,
    one.acrossSeeds?.low ?? null,
    one.acrossSeeds?.high ?? null,
    one.p,
    one.adjustedP,
    one.delongP,
    one.acrossSeeds?.p ?? null,
    one.equivalenceP,
    one.detectableDifference,
  ];
}

function isOf(condition: Condition, other: Condition): boolean {
  return (Object.keys(condition) as (keyof Condition)[]).every((key) => condition[key] === other[key]);
}
