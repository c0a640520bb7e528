/**
 * The column of an official split: found by its name or by its words, its values shown with what they mean. Such a column is never ignored
 * silently, because test patients of the collection would then be trained on.
 */
import type { SplitMeaning } from '../cohort.ts';
import { readSplitCell } from './cell-values.ts';
import { valueWords, type ColumnValues } from './column-values.ts';
import type { ColumnValue } from './importer.ts';
import { isNothing } from './nothing.ts';

/** What was found. */
export interface FoundSplit {
  /** Null when no column is a split. */
  readonly column: string | null;
  /** Values whose meaning is known by their word. */
  readonly values: Readonly<Record<string, SplitMeaning>>;
  /** Sentences about columns whose name says split, and which are not taken for one. */
  readonly doubts: readonly string[];
}

/** Names of splits, letters and digits only, the most telling first. */
const splitNames =
  'split splits datasplit splitname officialsplit datasetsplit set fold folds subset partition traintest traintestsplit trainvaltest traintestval usage'.split(
    ' ',
  );

/** The same within a longer name: "split_1", "cv_fold", "official split". */
const splitWord = /(^|[_ .-])(split|fold|folds|subset|partition)($|[_ .-]|\d)/i;

/** Sides of a split, which name a column where its cells only say yes or no: "is_valid", "test". */
const sideName = /^(is|in)?(train|training|val|valid|validation|dev|test|testing|holdout)(set)?$/;

/** Different values that a person can be asked about. */
const mostValues = 12;

/** Share of rows below which unknown words of a split are slips. */
const slipShare = 0.1;

/** Finds the split among the columns that have no other use. */
export function findSplit(columns: readonly ColumnValues[]): FoundSplit {
  const candidates = columns
    .map((column) => ({ column, score: splitScore(column) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  const best = candidates[0]?.column;
  const doubts = columns
    .filter((column) => column !== best && isNamedSplit(column) && column.distinct > 0)
    .map(({ name, distinct, counts }) =>
      distinct > 1 && best
        ? `Column “${name}” may be a split too; “${best.name}” is taken. Choose the right one.`
        : `Column “${name}” is called like a split, but holds ${distinct === 1 ? `only “${counts[0]!.value}”` : `${distinct > counts.length ? 'more than ' : ''}${counts.length} different values`}; it is not taken for one.`,
    );
  return { column: best?.name ?? null, values: best ? knownMeanings(best) : {}, doubts };
}

/** Whether a column's name speaks of a split, or of one of its sides to which each row belongs or does not. */
export function isNamedSplit({ name, plain, counts }: ColumnValues): boolean {
  return (
    splitNames.includes(plain) ||
    splitWord.test(name) ||
    (sideName.test(plain) && counts.every(({ value }) => yesOrNo.test(value) || isNothing(value)))
  );
}

/** Excludes "positive" and "negative", which are the results of a test. */
const yesOrNo = /^([01]([.,]0*)?|true|false|yes|no|[tfynx])$/i;

/** 0 for a column that is no split. The share of rows with a known word counts, a telling name more. */
function splitScore(column: ColumnValues): number {
  const { plain, counts, distinct } = column;
  const values = counts.filter(({ value }) => !isNothing(value));
  const meanings = values.map(({ value, count }) => ({ meaning: readSplitCell(value), count }));
  const known = meanings.filter(({ meaning }) => meaning !== null);
  const rows = values.reduce((sum, { count }) => sum + count, 0);
  const share = known.reduce((sum, { count }) => sum + count, 0) / Math.max(1, rows);
  const isFew = distinct <= mostValues;
  const place = splitNames.indexOf(plain);
  const isNamed = isNamedSplit(column) && isFew && values.length > 1;
  const hasTraining = isFew && values.length > 1 && known.some(({ meaning }) => meaning?.startsWith('train'));
  const isPlain = share >= 0.9 && new Set(known.map(({ meaning }) => meaning)).size > 1;
  if (!isNamed && !hasTraining && !isPlain) return 0;
  return share + (place >= 0 ? 1 + (splitNames.length - place) / (100 * splitNames.length) : 0.01);
}

/**
 * What is known of a column's values by their words alone. Where all but a few rows have a known word, the others are slips, whose rows
 * are left out with their reason; otherwise they must be asked about.
 */
export function knownMeanings({ counts }: Pick<ColumnValues, 'counts'>): Record<string, SplitMeaning> {
  const values = counts.filter(({ value }) => !isNothing(value));
  const known = values.map(({ value, count }) => ({ value, count, meaning: readSplitCell(value) }));
  const rows = (list: readonly ColumnValue[]): number => list.reduce((sum, { count }) => sum + count, 0);
  const isSlip = rows(known.filter(({ meaning }) => meaning === null)) < slipShare * rows(known);
  return Object.fromEntries(
    known.flatMap(({ value, meaning }) => {
      const said = meaning ?? (isSlip ? 'leaveOut' : null);
      return said === null ? [] : [[value, said] as const];
    }),
  );
}

/** All values with what they are taken for; null = must be asked. What says nothing is no value. */
export function splitValues(
  { counts }: Pick<ColumnValues, 'counts'>,
  meanings: Readonly<Record<string, SplitMeaning>>,
): (ColumnValue & { readonly meaning: SplitMeaning | null })[] {
  return counts
    .filter(({ value }) => !isNothing(value))
    .map((value) => ({ ...value, meaning: meaningOf(value.value, meanings) }));
}

/** Folders that put each film on a side of a split, as many as there are; none where they do not, or all films are on one side. */
export function foldersOfSides(paths: readonly string[]): string[] {
  const folders = paths.map((path) =>
    path
      .split('/')
      .slice(0, -1)
      .find((part) => readSplitCell(part) !== null),
  );
  const sides = new Set(folders.map((folder) => (folder === undefined ? null : readSplitCell(folder))));
  return sides.size > 1 && !sides.has(null) ? [...new Set(folders.map((folder) => folder!))] : [];
}

/** What a value of the split column means; null when that was not said. */
export function meaningOf(
  value: string,
  meanings: Readonly<Record<string, SplitMeaning>>,
): SplitMeaning | null {
  return Object.hasOwn(meanings, value) ? meanings[value]! : null;
}

/** The question about values without a meaning, in a sentence or two. */
export function splitSentence(tablePath: string, column: string, open: readonly ColumnValue[]): string {
  const held = open.slice(0, mostValues).map(valueWords).join(', ');
  const more = open.length > mostValues ? ` and ${open.length - mostValues} more values` : '';
  return `Column “${column}” of ${tablePath} holds ${held}${more}. Say what ${open.length === 1 ? 'it means' : 'they mean'}: training, validation, test, training or validation, or to be left out.`;
}
