/**
 * Whether a column may be a label, how it would be read, and why it is not taken as one at first.
 */
import { countPhrase } from '../../count-words.ts';
import type { LabelReading } from '../cohort.ts';
import { plainReading, readLabelCell } from './cell-values.ts';
import { plainName, valueWords, type ColumnValues } from './column-values.ts';
import { isNothing } from './nothing.ts';
import { isNamedSplit } from './split-column.ts';

/** What a column offers as a label. */
export interface LabelOffer {
  /** Taken at first. */
  readonly taken: boolean;
  /** Why it is not; empty when it is. */
  readonly note: string;
  /** The person may have meant it as a label, so leaving it out is reported. */
  readonly likely: boolean;
  /** Null where a person must say what means present. */
  readonly reading: LabelReading | null;
}

/** Names whose 0 and 1 are counts, codes or places in a list, not labels. */
const neverLabels =
  /(^|[ _-])(id|ids|idx|index|uid|uuid|nr|no|num|number|count|counts|width|height|size|rows|columns|offset|day|days|date|time|year|month|age|sex|gender|male|female|fold|split|followup)$|#|^unnamed/i;

/** Outcomes, whose names may end in the time at which they are looked at: mortality_30_day, death_1_year. */
const outcomes =
  /mortal|death|died|dead|deceas|surviv|alive|readmi|admitted|admission|icu|intubat|ventilat|event|relaps|recur|progress|hospitali|transfer|outcome|expire/i;

/** Share of filled cells that may be unreadable in a column that still counts as a label. */
const unreadableShare = 0.2;

/** Different words that a person can be asked about one by one. */
const mostWords = 12;

/** A film on which nothing is found, in the words of collections. */
const normalWords = new Set(
  'normal healthy control controls nofinding nofindings negative none clear benign noabnormality unremarkable gesund unauffallig sano sain'.split(
    ' ',
  ),
);

/** Whether a word says that nothing was found. */
export function isNormalWord(value: string): boolean {
  return normalWords.has(plainName(value));
}

/** @param isGroup its name is one of those kept for subgroups. */
export function labelOffer(column: ColumnValues, isGroup: boolean): LabelOffer {
  const { name, distinct, counts, numbers, blanks } = column;
  const found = countCells(column);
  if (distinct === 0) return leftOut('It is empty.');
  const filled = found.present + found.absent + found.uncertain + found.unreadable;
  const isSlip = found.unreadable === 1 && filled >= 4; // Allows one typing error in a very small table.
  const isReadable = !isGrade(column) && (isSlip || found.unreadable <= unreadableShare * filled);
  if (found.present > 0 && found.absent > 0 && isReadable)
    return isNamedSplit(column) ? ofSplit : named(name, isGroup);
  if (isReadable && found.present + found.absent > 0) return oneSided(column, found);
  const words = counts.filter(({ value }) => !isNothing(value));
  const none = counts.find(({ value }) => isNothing(value) && isNormalWord(value));
  if (!isGroup && none && words.length > 0 && words.length <= mostWords) return perhapsNone(words, none);
  if (!isGroup && found.present > 0 && found.absent > 0 && 2 * (found.present + found.absent) >= filled)
    return besidesPlain(column);
  if (!isGroup && words.length === 2 && distinct <= counts.length) return twoWords(words);
  if (!isGroup && words.length === 1 && blanks > 0) return oneWord(words[0]!, blanks);
  if (numbers)
    return leftOut(
      `It holds numbers from ${numbers.low} to ${numbers.high}; to make it a label, say from which number on it counts as present.`,
    );
  if (words.length === 1) return leftOut(`It holds only ${valueWords(words[0]!)}.`);
  if (words.length <= mostWords)
    return leftOut(
      `It holds ${words.length} different words; to make it a label, say which of them mean present.`,
    );
  return leftOut(
    `It holds ${distinct > counts.length ? 'more than ' : ''}${counts.length} different values.`,
  );
}

/** Numbers beyond 0 and 1, again and again: grades or counts, of which 2 must not become "not known" without a word. */
function isGrade({ counts, numbers }: ColumnValues): boolean {
  const others = counts.filter(({ value }) => readLabelCell(value).kind === 'unreadable');
  return numbers !== null && others.some(({ count }) => count > 1);
}

interface CellCounts {
  readonly present: number;
  readonly absent: number;
  readonly uncertain: number;
  readonly unreadable: number;
}

function countCells({ cells, counts, distinct }: ColumnValues): CellCounts {
  const found = { present: 0, absent: 0, uncertain: 0, unreadable: 0 };
  const count = (value: string, rows: number): void => {
    const cell = readLabelCell(value);
    if (cell.kind === 'value') found[cell.value === 1 ? 'present' : 'absent'] += rows;
    else if (cell.kind !== 'missing') found[cell.kind] += rows;
  };
  if (distinct <= counts.length) for (const { value, count: rows } of counts) count(value, rows);
  else for (const cell of cells) count(cell, 1);
  return found;
}

/** A column that says which side a row is on must not be learned as a finding. */
const ofSplit: LabelOffer = {
  taken: false,
  note: 'Its name speaks of a side of a split.',
  likely: false,
  reading: plainReading,
};

function named(name: string, isGroup: boolean): LabelOffer {
  const word = neverLabels.exec(name)?.[0] ?? /^column \d+$/.exec(name)?.[0];
  if (isGroup) return { ...leftOut('It is kept for subgroups.'), reading: plainReading };
  if (word === undefined || outcomes.test(name))
    return { taken: true, note: '', likely: true, reading: plainReading };
  return {
    taken: false,
    note: `Its name (“${word.replace(/^[ _-]/, '')}”) speaks of a count, a code or a date, so it is not taken at first.`,
    likely: true,
    reading: plainReading,
  };
}

/** Mostly 0 and 1, and something else often: a code for not known (9, -99), or one more grade. */
function besidesPlain({ name, counts }: ColumnValues): LabelOffer {
  const others = counts.filter(({ value }) => readLabelCell(value).kind === 'unreadable');
  const more = others.length > 3 ? ' and more' : '';
  return {
    taken: false,
    note: `Besides present and absent it holds ${others.slice(0, 3).map(valueWords).join(', ')}${more}. If that says that nothing is known, choose it: such rows are then not known. If it is one more grade, say which values mean present.`,
    likely: !neverLabels.test(name) || outcomes.test(name),
    reading: null,
  };
}

/** "none" may be what programs write for nothing, or what a person writes for no finding. */
function perhapsNone(words: ColumnValues['counts'], none: ColumnValues['counts'][number]): LabelOffer {
  const held = words.slice(0, 3).map(valueWords).join(', ');
  return {
    ...leftOut(
      `It holds ${held}${words.length > 3 ? ' …' : ''}, and ${valueWords(none)}, which may mean absent or that nothing is known; to make it a label, say which values mean present and which absent.`,
    ),
    likely: words.length <= 3,
  };
}

/** Only present, or only absent: with blanks it may be a box that was ticked or not. */
function oneSided({ counts, blanks }: ColumnValues, found: CellCounts): LabelOffer {
  const values = counts.slice(0, 3).map(valueWords).join(', ');
  if (found.absent === 0 && found.uncertain > 0 && blanks === 0)
    return {
      taken: false,
      note: `It holds ${values}; −1 and “uncertain” are read as not known, so that no film is known to be without it. If such a value means absent, choose it and say so.`,
      likely: true,
      reading: plainReading,
    };
  const note =
    found.absent > 0
      ? `It is never present (${values}).`
      : blanks > 0
        ? `It holds ${values}, and is blank in ${countPhrase(blanks, 'row')}. A blank is read as not known, so that no film is known to be without it. If a blank means absent, choose it and say so.`
        : `It is present in every row (${values}).`;
  return { taken: false, note, likely: found.absent === 0 && blanks > 0, reading: plainReading };
}

/** One word or nothing, such as an "x" in a list: a mark whose meaning is unknown. */
function oneWord(word: ColumnValues['counts'][number], blanks: number): LabelOffer {
  return {
    taken: false,
    note: `It holds ${valueWords(word)}, and is blank in ${countPhrase(blanks, 'row')}. If it marks what is present, choose it, and say what a blank means.`,
    likely: true,
    reading: { kind: 'values', present: [word.value], absent: [] },
  };
}

function twoWords(words: ColumnValues['counts']): LabelOffer {
  const normal = words.find(({ value }) => isNormalWord(value));
  const other = words.find((word) => word !== normal)!;
  const held = words.map(valueWords).join(' and ');
  if (!normal)
    return {
      ...leftOut(`It holds ${held}; to make it a label, say which of them means present.`),
      likely: true,
    };
  return {
    taken: false,
    note: `It holds ${held}; as a label, “${other.value}” would mean present and “${normal.value}” absent.`,
    likely: true,
    reading: { kind: 'values', present: [other.value], absent: [normal.value] },
  };
}

function leftOut(note: string): LabelOffer {
  return { taken: false, note, likely: false, reading: null };
}
