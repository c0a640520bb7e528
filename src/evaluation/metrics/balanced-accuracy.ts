/**
 * Balanced accuracy: the mean of sensitivity and specificity, which does not depend on the prevalence.
 */
import { metricOfConfusion, share } from './confusion.ts';

/** (sensitivity + specificity) / 2, in [0, 1]; undefined when one class has no rows. */
export const balancedAccuracy = metricOfConfusion({
  label: 'Balanced accuracy',
  reported: false,
  of: (c) => {
    const sensitivity = share(c.truePositives, c.falseNegatives);
    const specificity = share(c.trueNegatives, c.falsePositives);
    return sensitivity === undefined || specificity === undefined
      ? undefined
      : (sensitivity + specificity) / 2;
  },
});
