/**
 * Tunings, verdicts and metrics in the words of tables, cards and reports; arms have theirs in arms.ts.
 */
import { metrics } from '../evaluation/metrics/registry.ts';
import type { Tuning } from '../training/fine-tuning.ts';
import type { VerdictWord } from './findings.ts';

/** Tunings as they stand in a sentence. */
export const tuningWords: Readonly<Record<Tuning, string>> = {
  linearProbe: 'linear probe',
  full: 'full fine-tuning',
};

/** Verdicts as they stand in a sentence. */
export const verdictWords: Readonly<Record<VerdictWord, string>> = {
  helped: 'reports helped',
  hurt: 'reports hurt',
  noClearDifference: 'no clear difference',
  cannotTell: 'cannot tell',
};

/** Metrics by registry name as tables name them, in the order of tables. */
export const metricWords: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(metrics).map(([name, { label }]) => [name, label]),
);

/** A metric as tables name it; one that is not in the registry goes by its own name. */
export function metricWord(name: string): string {
  return metricWords[name] ?? name;
}
