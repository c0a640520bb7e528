/**
 * Positive predictive value: the share of the rows called positive that are so. It moves with the prevalence.
 */
import { metricOfConfusion, share } from './confusion.ts';

/** TP / (TP + FP), in [0, 1]; undefined when nothing is called positive. Also called precision. */
export const positivePredictiveValue = metricOfConfusion({
  label: 'Positive predictive value',
  reported: false,
  of: ({ truePositives, falsePositives }) => share(truePositives, falsePositives),
});
