/**
 * Negative predictive value: the share of the rows called negative that are so. It moves with the prevalence.
 */
import { metricOfConfusion, share } from './confusion.ts';

/** TN / (TN + FN), in [0, 1]; undefined when nothing is called negative. */
export const negativePredictiveValue = metricOfConfusion({
  label: 'Negative predictive value',
  reported: false,
  of: ({ trueNegatives, falseNegatives }) => share(trueNegatives, falseNegatives),
});
