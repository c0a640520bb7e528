/**
 * Cohen's kappa: agreement of decision and truth beyond chance.
 */
import { metricOfConfusion } from './confusion.ts';

/**
 * (pₒ − pₑ) / (1 − pₑ), at most 1 (Cohen, Educational and Psychological Measurement 20, 1960), with pₑ the agreement expected from the
 * margins; undefined when one class has no rows.
 */
export const cohenKappa = metricOfConfusion({
  label: 'Cohen’s kappa',
  reported: false,
  of: ({ truePositives: tp, falsePositives: fp, trueNegatives: tn, falseNegatives: fn }) => {
    const all = tp + fp + tn + fn;
    if (!(tp + fn > 0 && tn + fp > 0)) return undefined;
    const observed = (tp + tn) / all;
    const expected = ((tp + fp) * (tp + fn) + (tn + fn) * (tn + fp)) / all ** 2;
    return (observed - expected) / (1 - expected);
  },
});
