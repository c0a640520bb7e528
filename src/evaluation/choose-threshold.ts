/**
 * The operating point of a classifier, chosen on validation patients and then kept for the test.
 */
import { rocCurve } from './curves.ts';

/**
 * The threshold with the largest sensitivity + specificity − 1 (Youden, Cancer 3, 1950); of several, the highest. Rows with a probability
 * of at least the threshold are called positive.
 * @param labels [rows], each 0 or 1, of validation patients. @param probabilities [rows].
 * @returns a probability that occurs among the rows; undefined when there is one class only.
 */
export function chooseThreshold(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): number | undefined {
  const curve = rocCurve(labels, probabilities, undefined, true);
  if (!curve) return undefined;
  // The first point calls nothing positive and is not a useful decision rule.
  const best = curve
    .slice(1)
    .reduce((best, point) => (youden(point) > youden(best) + rounding ? point : best));
  return best.threshold;
}

/** Different shares of up to a million rows differ by more than this; equal ones may differ by rounding. */
const rounding = 1e-13;

function youden(point: { readonly sensitivity: number; readonly falsePositiveRate: number }): number {
  return point.sensitivity - point.falsePositiveRate;
}
