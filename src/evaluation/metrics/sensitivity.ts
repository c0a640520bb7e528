/**
 * Sensitivity: the share of the positive rows that are called positive.
 */
import { metricOfConfusion, share } from './confusion.ts';

/** TP / (TP + FN), in [0, 1]; undefined without positive rows. Also called recall or true-positive rate. */
export const sensitivity = metricOfConfusion({
  label: 'Sensitivity',
  reported: true,
  of: ({ truePositives, falseNegatives }) => share(truePositives, falseNegatives),
});
