/**
 * Term frequency times inverse document frequency, with the rules of scikit-learn's TfidfVectorizer.
 * Salton and Buckley, Term-weighting approaches in automatic text retrieval, 1988; smoothed idf = ln((1 + n) / (1 + df)) + 1.
 */

/** What counts as a term and which terms are kept. */
export interface TfidfOptions {
  /** Shortest and longest run of words that is a term. */
  readonly ngramRange: readonly [shortest: number, longest: number];
  /** 1 + ln(count) in place of the count. */
  readonly sublinear: boolean;
  /** Terms in fewer documents are dropped. */
  readonly minimumDocuments: number;
  /** Terms in more than this share of the documents are dropped; 1 = none. */
  readonly maximumShare: number;
  /** Words taken out before terms are formed. */
  readonly stopWords: readonly string[];
  /** Terms kept at most, the most frequent first (ties by code point); null = all. */
  readonly maximumTerms: number | null;
  /** 'l2' scales each row to unit length. */
  readonly norm: 'l2' | 'none';
}

/** A fitted vocabulary; columns stand in the code-point order of their terms. */
export interface TfidfVectorizer {
  readonly terms: readonly string[];
  readonly idf: Float64Array;
  /** One document as a row of the matrix; zeros when it has no known term. */
  transform(document: string): Float64Array;
  /** The numbers of that row that are not zero, with their columns, ascending. */
  entries(document: string): readonly (readonly [column: number, value: number])[];
}

/** The settings that scikit-learn has when none is given. */
export const tfidfDefaults: TfidfOptions = {
  ngramRange: [1, 1],
  sublinear: false,
  minimumDocuments: 1,
  maximumShare: 1,
  stopWords: [],
  maximumTerms: null,
  norm: 'l2',
};

/** Learns terms and their inverse document frequencies. The vocabulary may be empty; the caller decides what to do then. */
export function fitTfidf(documents: readonly string[], options: TfidfOptions): TfidfVectorizer {
  const counts = countTerms(documents, options);
  const terms = chooseTerms(counts, documents.length, options);
  const columns = new Map(terms.map((term, column) => [term, column]));
  const idf = Float64Array.from(
    terms,
    (term) => Math.log((1 + documents.length) / (1 + counts.get(term)!.documents)) + 1,
  );
  const entries = (document: string): [number, number][] => entriesOf(document, columns, idf, options);
  const transform = (document: string): Float64Array => {
    const row = new Float64Array(terms.length);
    for (const [column, value] of entries(document)) row[column] = value;
    return row;
  };
  return { terms, idf, transform, entries };
}

interface TermCount {
  documents: number;
  occurrences: number;
}

function countTerms(documents: readonly string[], options: TfidfOptions): Map<string, TermCount> {
  const counts = new Map<string, TermCount>();
  for (const document of documents) {
    for (const [term, occurrences] of termFrequencies(document, options)) {
      const count = counts.get(term) ?? { documents: 0, occurrences: 0 };
      count.documents += 1;
      count.occurrences += occurrences;
      counts.set(term, count);
    }
  }
  return counts;
}

function chooseTerms(
  counts: ReadonlyMap<string, TermCount>,
  documentCount: number,
  options: TfidfOptions,
): string[] {
  const kept = [...counts].filter(
    ([, { documents }]) =>
      documents >= options.minimumDocuments && documents <= options.maximumShare * documentCount,
  );
  const byFrequency = kept.sort(
    ([a, countA], [b, countB]) => countB.occurrences - countA.occurrences || compareCodePoints(a, b),
  );
  return byFrequency
    .slice(0, options.maximumTerms ?? undefined)
    .map(([term]) => term)
    .sort(compareCodePoints);
}

/** Two or more letters, digits or underscores of any script; the rest separates. */
const wordPattern = /[\p{L}\p{N}_]{2,}/gu;

/** The terms of one document with their counts. */
function termFrequencies(document: string, options: TfidfOptions): Map<string, number> {
  const words = (document.toLowerCase().match(wordPattern) ?? []).filter(
    (word) => !options.stopWords.includes(word),
  );
  const frequencies = new Map<string, number>();
  const [shortest, longest] = options.ngramRange;
  for (let length = shortest; length <= longest; length++) {
    for (let start = 0; start + length <= words.length; start++) {
      const term = words.slice(start, start + length).join(' ');
      frequencies.set(term, (frequencies.get(term) ?? 0) + 1);
    }
  }
  return frequencies;
}

function entriesOf(
  document: string,
  columns: ReadonlyMap<string, number>,
  idf: Float64Array,
  options: TfidfOptions,
): [number, number][] {
  const entries: [number, number][] = [];
  for (const [term, count] of termFrequencies(document, options)) {
    const column = columns.get(term);
    if (column === undefined) continue;
    entries.push([column, (options.sublinear ? 1 + Math.log(count) : count) * idf[column]!]);
  }
  entries.sort(([a], [b]) => a - b);
  const length =
    options.norm === 'l2' ? Math.sqrt(entries.reduce((sum, [, value]) => sum + value * value, 0)) : 0;
  return length > 0 ? entries.map(([column, value]) => [column, value / length]) : entries;
}

/** Order by Unicode code point; JavaScript's own order of strings is by UTF-16 unit and differs beyond the basic plane. */
function compareCodePoints(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
