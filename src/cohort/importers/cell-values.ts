/**
 * What a cell of a table means as a label or as a side of the split.
 */
import type { LabelValue, SplitName } from '../cohort.ts';

/** The meaning of a label's cell: a value, nothing known, a doubt that the labeller wrote down, or something that is no label. */
export type LabelCell =
  | { readonly kind: 'value'; readonly value: 0 | 1 }
  | { readonly kind: 'missing' }
  | { readonly kind: 'uncertain' }
  | { readonly kind: 'unreadable' };

const present = new Set(['true', 'yes', 'y', 'positive', 'present']);
const absent = new Set(['false', 'no', 'n', 'negative', 'absent']);
const missing = new Set([
  '',
  'nan',
  'na',
  'n/a',
  '#n/a',
  'null',
  'none',
  'nil',
  'censored',
  'missing',
  'unknown',
  '-',
  '?',
  '.',
]);
const uncertain = new Set(['uncertain', 'u', 'equivocal', 'indeterminate']);

/** Reads a label's cell: 0/1, 0.0/1.0, true/false, yes/no; blanks, NaN and "Censored" are missing; −1 and "uncertain" are uncertain. */
export function readLabelCell(cell: string): LabelCell {
  const word = cell.trim().toLowerCase();
  if (missing.has(word)) return { kind: 'missing' };
  if (present.has(word)) return { kind: 'value', value: 1 };
  if (absent.has(word)) return { kind: 'value', value: 0 };
  if (uncertain.has(word)) return { kind: 'uncertain' };
  const number = /^[+-]?\d+(\.0*)?$/.test(word) ? Number(word) : NaN;
  if (number === 0 || number === 1) return { kind: 'value', value: number };
  return number === -1 ? { kind: 'uncertain' } : { kind: 'unreadable' };
}

/** The label's value; null for everything that is not plainly 0 or 1. */
export function labelValue(cell: LabelCell): LabelValue {
  return cell.kind === 'value' ? cell.value : null;
}

const sides: Readonly<Record<string, SplitName>> = {
  train: 'train',
  training: 'train',
  valid: 'validation',
  validate: 'validation',
  validation: 'validation',
  val: 'validation',
  dev: 'validation',
  development: 'validation',
  tune: 'validation',
  tuning: 'validation',
  test: 'test',
  testing: 'test',
};

/** The side of the split that a cell names; null when it names none. */
export function readSplitCell(cell: string): SplitName | null {
  const word = cell.trim().toLowerCase();
  return Object.hasOwn(sides, word) ? sides[word]! : null;
}
