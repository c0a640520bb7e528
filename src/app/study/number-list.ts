/**
 * Lists of numbers as a person types them: "0, 0.5, 1".
 */

/** What was typed: the numbers, or a sentence that says what is wrong. */
export type ParsedList<T> =
  | { readonly values: readonly T[]; readonly problem: null }
  | { readonly values: null; readonly problem: string };

/** Bounds that every number of a list must keep. */
export interface ListBounds {
  readonly low: number;
  readonly high: number;
  /** True when `low` itself is not allowed. */
  readonly above?: boolean;
  readonly whole?: boolean;
  /** True when the word "all" may stand in the list. */
  readonly all?: boolean;
}

/** Reads numbers with commas, semicolons or spaces between them; repeated ones are taken once. */
export function parseNumberList(text: string, bounds: ListBounds): ParsedList<number | 'all'> {
  const words = text.split(/[\s,;]+/).filter(Boolean);
  if (words.length === 0) return { values: null, problem: 'Give at least one value.' };
  const values: (number | 'all')[] = [];
  for (const word of words) {
    const value = bounds.all && word.toLowerCase() === 'all' ? 'all' : Number(word);
    if (value !== 'all' && !keeps(value, bounds)) return { values: null, problem: complaint(word, bounds) };
    if (!values.includes(value)) values.push(value);
  }
  return { values, problem: null };
}

/** As parseNumberList, where "all" is no number. */
export function parseNumbers(text: string, bounds: ListBounds): ParsedList<number> {
  return parseNumberList(text, { ...bounds, all: false }) as ParsedList<number>;
}

function keeps(value: number, { low, high, above, whole }: ListBounds): boolean {
  return (
    Number.isFinite(value) &&
    (above ? value > low : value >= low) &&
    value <= high &&
    (!whole || Number.isInteger(value))
  );
}

function complaint(word: string, { low, high, above, whole, all }: ListBounds): string {
  const kind = whole ? 'whole numbers' : 'numbers';
  const from = above ? `above ${low}` : `from ${low}`;
  const to = Number.isFinite(high) ? ` to ${high}` : '';
  return `"${word}" does not fit: ${kind} ${from}${to}${all ? ', or the word "all"' : ''}, with commas between them.`;
}
