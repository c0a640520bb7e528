/**
 * What a cell of a table means as a label or as a side of the split.
 */
import type { LabelReading, LabelValue, SplitMeaning } from '../cohort.ts';
import { isNothing } from './nothing.ts';

/** The meaning of a label's cell: a value, nothing known, a doubt that the labeller wrote down, or something that is no label. */
export type LabelCell =
  | { readonly kind: 'value'; readonly value: 0 | 1 }
  | { readonly kind: 'missing' }
  | { readonly kind: 'uncertain' }
  | { readonly kind: 'unreadable' };

const present = new Set(['true', 't', 'yes', 'y', 'positive', 'pos', 'present', 'checked', 'ticked']);
const absent = new Set(['false', 'f', 'no', 'n', 'negative', 'neg', 'absent', 'unchecked', 'unticked']);
const uncertain = new Set(['uncertain', 'u', 'equivocal', 'indeterminate']);
/** Known for other columns to be no answer: the follow-up of an outcome ended before. */
const censored = new Set(['censored', 'censor']);

const missingCell: LabelCell = { kind: 'missing' };
const uncertainCell: LabelCell = { kind: 'uncertain' };
const unreadableCell: LabelCell = { kind: 'unreadable' };
const valueCells: readonly [LabelCell, LabelCell] = [
  { kind: 'value', value: 0 },
  { kind: 'value', value: 1 },
];

/** Plain 0 and 1, yes and no. */
export const plainReading = { kind: 'words', blank: 'missing' } as const satisfies LabelReading;

/**
 * Reads a label's cell. Words: 0/1, 0.0/1.0 (0,0/1,0, 1.0e+00), true/false, t/f, yes/no, checked/unchecked and their like; what says nothing and
 * "Censored" are missing; −1 and "uncertain" are uncertain. Threshold: numbers, with a decimal point or comma. Values: the reading's own.
 * @param commas what commas mean in the column.
 */
export function readLabelCell(
  cell: string,
  reading: LabelReading = plainReading,
  commas: Commas = 'decimal',
): LabelCell {
  switch (reading.kind) {
    case 'words':
      return cell === '' && reading.blank === 'absent' ? valueCells[0] : readWord(cell);
    case 'threshold':
      return readNumber(cell, reading.atLeast, commas);
    case 'values':
      return readOwnWord(cell, reading);
    default:
      return reading satisfies never;
  }
}

/** Cache of words that were read before, because the labels of a million rows hold few different words. */
const readWords = new Map<string, LabelCell>();
const mostReadWords = 4096;

function readWord(cell: string): LabelCell {
  const known = readWords.get(cell);
  if (known) return known;
  if (readWords.size >= mostReadWords) readWords.clear();
  const read = judgeWord(cell);
  readWords.set(cell, read);
  return read;
}

function judgeWord(cell: string): LabelCell {
  const word = cell.trim().toLowerCase();
  if (isNothing(word) || censored.has(word)) return missingCell;
  if (present.has(word)) return valueCells[1];
  if (absent.has(word)) return valueCells[0];
  if (uncertain.has(word)) return uncertainCell;
  const number = numberOf(word);
  if (number === 0 || number === 1) return valueCells[number];
  return number === -1 ? uncertainCell : unreadableCell;
}

function readNumber(cell: string, atLeast: number, commas: Commas): LabelCell {
  if (isNothing(cell)) return missingCell;
  const number = numberOf(cell, commas);
  return number === null ? unreadableCell : valueCells[number >= atLeast ? 1 : 0];
}

function readOwnWord(cell: string, reading: Extract<LabelReading, { kind: 'values' }>): LabelCell {
  const word = plainWord(cell);
  if (reading.present.some((own) => plainWord(own) === word)) return valueCells[1];
  if (reading.absent.some((own) => plainWord(own) === word)) return valueCells[0];
  return isNothing(cell) ? missingCell : unreadableCell;
}

function plainWord(cell: string): string {
  return cell.trim().toLowerCase().normalize('NFC');
}

/** What commas in the numbers of a column are: "0,5" has a decimal one, "1,234.5" parts thousands, "1,234" alone may be either. */
export type Commas = 'decimal' | 'thousands' | 'unclear';

/** A number with a comma before each three digits. */
const grouped = /^[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?$/;

/** Tells from all cells of a column what their commas are. */
export function commasOf(cells: Iterable<string>): Commas {
  let [isGrouped, isThousands] = [false, false];
  for (const cell of cells) {
    const text = cell.trim();
    if (grouped.test(text)) {
      isGrouped = true;
      isThousands ||= text.includes('.') || text.indexOf(',') !== text.lastIndexOf(',');
    } else if (/^[+-]?\d*,\d+$/.test(text)) return 'decimal';
    else if (/^[+-]?\d*\.\d+$/.test(text)) isThousands = true;
  }
  if (!isGrouped) return 'decimal';
  return isThousands ? 'thousands' : 'unclear';
}

/** A number with a decimal point or comma, a sign and an exponent; null for anything else, and where a comma is unclear. */
export function numberOf(cell: string, commas: Commas = 'decimal'): number | null {
  const written = cell.trim().replace('−', '-');
  const isGrouped = commas !== 'decimal' && grouped.test(written);
  if (isGrouped && commas === 'unclear') return null;
  const text = isGrouped ? written.replaceAll(',', '') : written;
  if (!/^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i.test(text)) return null;
  return Number(text.replace(',', '.'));
}

/** The label's value; null for everything that is not plainly 0 or 1. */
export function labelValue(cell: LabelCell): LabelValue {
  return cell.kind === 'value' ? cell.value : null;
}

const sides: Readonly<Record<string, SplitMeaning>> = {
  train: 'train',
  training: 'train',
  trn: 'train',
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
  tst: 'test',
  trainval: 'trainValidation',
  trainvalid: 'trainValidation',
  trainvalidation: 'trainValidation',
  trainingvalidation: 'trainValidation',
  traindev: 'trainValidation',
};

/** What a cell of a split column means by its word alone, "train_val" among them; null when the word is none of those known. */
export function readSplitCell(cell: string): SplitMeaning | null {
  const word = cell
    .trim()
    .toLowerCase()
    .replace(/[\s_+&/-]+(and[\s_-]+)?/g, '');
  const plain = word.replace(/(set|split)$/, '');
  return Object.hasOwn(sides, plain) ? sides[plain]! : null;
}
