/**
 * Specificity: the share of the negative rows that are called negative.
 */
import { metricOfConfusion, share } from './confusion.ts';

/** TN / (TN + FP), in [0, 1]; undefined without negative rows. */
export const specificity = metricOfConfusion({
  label: 'Specificity',
  reported: true,
  of: ({ trueNegatives, falsePositives }) => share(trueNegatives, falsePositives),
});
