/**
 * The F1 score: the harmonic mean of precision and recall.
 */
import { metricOfConfusion } from './confusion.ts';

/**
 * 2 TP / (2 TP + FP + FN), in [0, 1]. Without positive rows and without positive calls it is 0 by convention, as in scikit-learn:
 * nothing was found.
 */
export const f1Score = metricOfConfusion({
  label: 'F1 score',
  reported: false,
  of: ({ truePositives, falsePositives, falseNegatives }) => {
    const denominator = 2 * truePositives + falsePositives + falseNegatives;
    return denominator > 0 ? (2 * truePositives) / denominator : 0;
  },
});
