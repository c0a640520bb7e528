/**
 * Verdicts as a table: a row for each label and setup, a column for each arm and training size.
 */
import { armNames, type ArmName } from '../../study/arms/registry.ts';
import type { Verdict, VerdictWord } from '../../study/findings/findings.ts';

/** A column: one use of reports with one training size. */
export interface VerdictColumn {
  readonly arm: ArmName;
  readonly trainingSize: number | 'all';
}

/** A row: one label with one setup; null stands where nothing was judged. */
export interface VerdictRow {
  readonly key: string;
  readonly first: Verdict;
  readonly verdicts: readonly (Verdict | null)[];
}

/** The columns that occur, arm by arm in the arms' order, small sizes first. */
export function verdictColumns(verdicts: readonly Verdict[]): VerdictColumn[] {
  const columns = new Map(
    verdicts.map(({ arm, trainingSize }) => [`${arm}/${trainingSize}`, { arm, trainingSize }]),
  );
  return [...columns.values()].sort(
    (a, b) =>
      armNames.indexOf(a.arm) - armNames.indexOf(b.arm) || sizeOf(a.trainingSize) - sizeOf(b.trainingSize),
  );
}

/** The rows in the order of the verdicts. */
export function verdictRows(verdicts: readonly Verdict[], columns: readonly VerdictColumn[]): VerdictRow[] {
  const groups = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    const { label, pretraining, tuning, imageEncoder } = verdict;
    const key = JSON.stringify([label, pretraining, tuning, imageEncoder]);
    groups.set(key, [...(groups.get(key) ?? []), verdict]);
  }
  return [...groups].map(([key, group]) => ({
    key,
    first: group[0]!,
    verdicts: columns.map(
      ({ arm, trainingSize }) =>
        group.find((verdict) => verdict.arm === arm && verdict.trainingSize === trainingSize) ?? null,
    ),
  }));
}

/** How often each word was given, all four of them, the answers first. */
export function countWords(verdicts: readonly Verdict[]): { word: VerdictWord; count: number }[] {
  const words: readonly VerdictWord[] = ['helped', 'hurt', 'noClearDifference', 'cannotTell'];
  return words.map((word) => ({
    word,
    count: verdicts.filter((verdict) => verdict.word === word).length,
  }));
}

function sizeOf(size: number | 'all'): number {
  return size === 'all' ? Infinity : size;
}
