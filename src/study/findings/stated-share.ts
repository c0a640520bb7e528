/**
 * How often reports of training films state a label in words.
 */
import type { CohortRow } from '../../cohort/cohort.ts';
import { termsOf } from '../../cohort/finding-terms.ts';
import { clausesOf, statementOf, type Clauses } from '../../cohort/stated.ts';
import { observedRows } from '../../cohort/training-size.ts';
import { wilsonInterval } from '../../evaluation/proportion-interval.ts';
import type { StatedShare } from './findings.ts';

/** Films looked at for each class at most, evenly spaced: the interval is then within ± 2.2 points, and large cohorts take no longer. */
const mostFilms = 2000;

/** Clauses of reports that were read before, for the labels that follow. */
export type ReadReports = Map<string, Clauses>;

/**
 * Shares of positive and of negative training films with a report that states the label, with Wilson's intervals, which take films for
 * independent. Null when the label's name yields no terms, or no such film has a report. A class without films has no share.
 * @param rows of the cohort. @param labelIndex of the label in each row's `labels`. @param confidence in (0, 1).
 */
export function statedShareOf(
  label: string,
  rows: readonly CohortRow[],
  labelIndex: number,
  confidence: number,
  read: ReadReports = new Map(),
): StatedShare | null {
  const terms = termsOf(label);
  const films = observedRows(rows, labelIndex, 'train').filter(({ report }) => report.trim() !== '');
  if (terms.length === 0 || films.length === 0) return null;
  const states = statementOf(terms);
  const shareAmong = (value: 0 | 1): StatedShare['positives'] => {
    const own = evenlySpaced(films.filter(({ labels }) => labels[labelIndex] === value));
    const count = own.filter(({ report }) => states(readOnce(report, read))).length;
    if (own.length === 0) return { value: null, low: null, high: null, films: 0 };
    const { low, high } = wilsonInterval(count, own.length, confidence);
    return { value: count / own.length, low, high, films: own.length };
  };
  return { terms, positives: shareAmong(1), negatives: shareAmong(0) };
}

function evenlySpaced<T>(all: readonly T[]): readonly T[] {
  if (all.length <= mostFilms) return all;
  return Array.from({ length: mostFilms }, (_, i) => all[Math.floor((i * all.length) / mostFilms)]!);
}

function readOnce(report: string, read: ReadReports): Clauses {
  const known = read.get(report);
  if (known) return known;
  const clauses = clausesOf(report);
  read.set(report, clauses);
  return clauses;
}
