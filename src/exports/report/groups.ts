/**
 * Findings in the order of the report: one section for each label and setup (tuning, encoder, pre-training), sizes within it.
 */
import type { Cell, Condition } from '../../study/findings/findings.ts';
import { tuningWords } from '../../study/findings/words.ts';

/** The conditions of a section have these in common. */
export type Setup = Pick<Condition, 'label' | 'tuning' | 'imageEncoder' | 'pretraining'>;

/** Cells that differ in arm and training size only. */
export interface SetupCells {
  readonly setup: Setup;
  readonly cells: readonly Cell[];
}

/** Cells by setup, in their own order. */
export function groupBySetup(cells: readonly Cell[]): readonly SetupCells[] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = setupKey(cell);
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()].map((own) => ({ setup: own[0]!, cells: own }));
}

/** What of a list belongs to a setup. */
export function ofSetup<T extends Condition>(conditions: readonly T[], setup: Setup): readonly T[] {
  return conditions.filter((condition) => setupKey(condition) === setupKey(setup));
}

/** Training sizes of conditions, the largest first. */
export function sizesDown(conditions: readonly Condition[]): readonly (number | 'all')[] {
  const sizes = [...new Set(conditions.map(({ trainingSize }) => trainingSize))];
  const rank = (size: number | 'all'): number => (size === 'all' ? Infinity : size);
  return sizes.sort((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)));
}

/** "linear probe, resnet", and the pre-training where there is any. */
export function setupWords({ tuning, imageEncoder, pretraining }: Setup): string {
  return `${tuningWords[tuning]}, ${imageEncoder}${pretraining === 'none' ? '' : `, pre-training ${pretraining}`}`;
}

function setupKey({ label, tuning, imageEncoder, pretraining }: Setup): string {
  return JSON.stringify([label, tuning, imageEncoder, pretraining]);
}
