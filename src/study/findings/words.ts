/**
 * Tunings, verdicts and metrics in the words of tables, cards and reports; arms have theirs in arms.ts.
 */
import { metrics } from '../../evaluation/metrics/registry.ts';
import type { Tuning } from '../../training/fine-tuning.ts';
import type { ComparedTo, VerdictWord } from './findings.ts';

/** Tunings as they stand in a sentence. */
export const tuningWords: Readonly<Record<Tuning, string>> = {
  linearProbe: 'linear probe',
  full: 'full fine-tuning',
};

/** Verdicts as they stand in a sentence. */
export const verdictWords: Readonly<Record<VerdictWord, string>> = {
  helped: 'reports helped',
  hurt: 'reports hurt',
  noClearDifference: 'no difference that matters',
  cannotTell: 'cannot tell',
};

/** Verdicts on pre-trainings, which need not use reports. */
export function pretrainingWords(word: VerdictWord, usesReports: boolean): string {
  if (word === 'helped') return usesReports ? verdictWords.helped : 'films alone helped';
  return word === 'hurt' ? 'pre-training hurt' : verdictWords[word];
}

/** References of comparisons as tables name them. */
export const referenceWords: Readonly<Record<ComparedTo, string>> = {
  baseline: 'image-only baseline',
  selfDistilled: 'self-distilled control',
  noPretraining: 'no pre-training',
  permutedPairs: 'the same on shuffled pairs',
  withoutSelfSupervision: 'the same without self-supervision',
};

/** Metrics by registry name as tables name them, in the order of tables. */
export const metricWords: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(metrics).map(([name, { label }]) => [name, label]),
);

/** A metric as tables name it; one that is not in the registry goes by its own name. */
export function metricWord(name: string): string {
  return metricWords[name] ?? name;
}
