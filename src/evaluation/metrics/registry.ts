/**
 * All metrics by name. A new metric is a file beside this one and a line here.
 */
import { accuracy } from './accuracy.ts';
import { auprc } from './auprc.ts';
import { auroc } from './auroc.ts';
import { balancedAccuracy } from './balanced-accuracy.ts';
import { brierScore } from './brier-score.ts';
import { cohenKappa } from './cohen-kappa.ts';
import { expectedCalibrationError } from './expected-calibration-error.ts';
import { f1Score } from './f1-score.ts';
import { logLoss } from './log-loss.ts';
import { matthewsCorrelation } from './matthews-correlation.ts';
import type { Metric } from './metric.ts';
import { negativePredictiveValue } from './negative-predictive-value.ts';
import { positivePredictiveValue } from './positive-predictive-value.ts';
import { sensitivity } from './sensitivity.ts';
import { specificity } from './specificity.ts';

/** The metrics by the names that findings carry, in the order of tables. */
export const metrics = {
  auroc,
  auprc,
  brierScore,
  expectedCalibrationError,
  logLoss,
  sensitivity,
  specificity,
  positivePredictiveValue,
  negativePredictiveValue,
  accuracy,
  balancedAccuracy,
  f1Score,
  matthewsCorrelation,
  cohenKappa,
} as const satisfies Readonly<Record<string, Metric>>;

/** The name of a metric. */
export type MetricName = keyof typeof metrics;

/** Names of the metrics that findings report with an interval. */
export const reportedMetrics: readonly MetricName[] = (Object.keys(metrics) as MetricName[]).filter(
  (name) => metrics[name].reported,
);
