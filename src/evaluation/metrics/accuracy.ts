/**
 * Accuracy: the share of rows that are called right.
 */
import { metricOfConfusion, share } from './confusion.ts';

/** (TP + TN) / all, in [0, 1]; undefined without rows. */
export const accuracy = metricOfConfusion({
  label: 'Accuracy',
  reported: false,
  of: (c) => share(c.truePositives + c.trueNegatives, c.falsePositives + c.falseNegatives),
});
