/**
 * Arms, tunings, verdicts and metrics in the words of tables and reports.
 */
import type { ArmName, Tuning } from '../study/config.ts';
import type { VerdictWord } from '../study/findings.ts';

/** Arms as tables name them. */
export const armWords: Readonly<Record<ArmName, string>> = {
  imageOnly: 'Image only (baseline)',
  textOnly: 'Text-only probe',
  teacher: 'Teacher, image + report',
  student: 'Student of image + report',
  studentOfReport: 'Student of report',
  selfDistilled: 'Self-distilled (control)',
  permutedReports: 'Permuted reports (control)',
};

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
