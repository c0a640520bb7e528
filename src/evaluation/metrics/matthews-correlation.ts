/**
 * Matthews' correlation coefficient between truth and decision.
 */
import { metricOfConfusion } from './confusion.ts';

/**
 * (TP·TN − FP·FN) / √((TP+FP)(TP+FN)(TN+FP)(TN+FN)), in [−1, 1] (Matthews, BBA 405, 1975).
 * 0 by convention, as in scikit-learn, when truth or decision does not vary.
 */
export const matthewsCorrelation = metricOfConfusion({
  label: 'Matthews correlation',
  reported: false,
  of: ({ truePositives: tp, falsePositives: fp, trueNegatives: tn, falseNegatives: fn }) => {
    const denominator = Math.sqrt(tp + fp) * Math.sqrt(tp + fn) * Math.sqrt(tn + fp) * Math.sqrt(tn + fn);
    return denominator > 0 ? (tp * tn - fp * fn) / denominator : 0;
  },
});
