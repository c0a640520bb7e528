/**
 * Arms, tunings, verdicts and metrics in the words of tables and reports.
 */
import type { ArmName } from '../study/config.ts';
import type { Tuning } from '../training/fine-tuning.ts';
import type { VerdictWord } from '../study/findings.ts';

/** Tunings as tables name them. */
export const tuningWords: Readonly<Record<Tuning, string>> = {
  linearProbe: 'linear probe',
  full: 'full fine-tuning',
};

/** Verdicts in words. */
export const verdictWords: Readonly<Record<VerdictWord, string>> = {
  helped: 'helped',
  hurt: 'hurt',
  noClearDifference: 'no clear difference',
  cannotTell: 'cannot tell',
};

/** Metrics by registry name, as tables name them; a metric that is not here goes by its registry name. */
export const metricWords: Readonly<Record<string, string>> = {
  auroc: 'AUROC',
  auprc: 'AUPRC',
  brierScore: 'Brier score',
  expectedCalibrationError: 'ECE',
  logLoss: 'Log loss',
  sensitivity: 'Sensitivity',
  specificity: 'Specificity',
};
