/**
 * The points of the ROC curve and of the precision-recall curve: one a distinct probability.
 */
import { checkRows, checkWeights } from './metrics/metric.ts';
import { rankRows } from './ranking.ts';

/** A point of the ROC curve: rows with a probability of at least `threshold` are called positive. */
export interface RocCurvePoint {
  readonly threshold: number;
  /** 1 − specificity, in [0, 1]. */
  readonly falsePositiveRate: number;
  readonly sensitivity: number;
}

/** A point of the precision-recall curve. */
export interface PrecisionRecallPoint {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
}

/**
 * The ROC curve from (0, 0), threshold ∞, to (1, 1), thresholds descending.
 * @param labels [rows], each 0 or 1. @param probabilities [rows], finite. @param weights [rows], non-negative.
 * @param keepAll keeps the points inside straight runs too, which change nothing in the picture.
 * @returns undefined when one of the classes has no weight.
 */
export function rocCurve(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  weights?: ArrayLike<number>,
  keepAll = false,
): RocCurvePoint[] | undefined {
  const counts = cumulativeCounts('rocCurve', labels, probabilities, weights);
  const last = counts.at(-1);
  if (!last || last.positives === 0 || last.negatives === 0) return undefined;
  return [{ threshold: Infinity, positives: 0, negatives: 0 }, ...(keepAll ? counts : corners(counts))].map(
    ({ threshold, positives, negatives }) => ({
      threshold,
      falsePositiveRate: negatives / last.negatives,
      sensitivity: positives / last.positives,
    }),
  );
}

/**
 * The precision-recall curve, thresholds ascending, ending in (recall 0, precision 1) at threshold ∞.
 * @param labels [rows], each 0 or 1. @param probabilities [rows], finite. @param weights [rows], non-negative.
 * @returns undefined when no positive row has weight.
 */
export function precisionRecallCurve(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  weights?: ArrayLike<number>,
): PrecisionRecallPoint[] | undefined {
  const counts = cumulativeCounts('precisionRecallCurve', labels, probabilities, weights);
  const last = counts.at(-1);
  if (!last || last.positives === 0) return undefined;
  const points = counts.map(({ threshold, positives, negatives }) => ({
    threshold,
    precision: positives / (positives + negatives),
    recall: positives / last.positives,
  }));
  return [...points.reverse(), { threshold: Infinity, precision: 1, recall: 0 }];
}

interface Counts {
  readonly threshold: number;
  /** Weight of the rows with at least this probability, by class. */
  readonly positives: number;
  readonly negatives: number;
}

/** Rows called positive at each distinct probability, from the highest down; probabilities whose rows weigh nothing are left out. */
function cumulativeCounts(
  name: string,
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): Counts[] {
  checkRows(name, labels, probabilities);
  checkWeights(name, labels.length, weights);
  const { order, endsTie } = rankRows(Float64Array.from(probabilities, (p) => -p));
  const counts: Counts[] = [];
  let [positives, negatives, tied] = [0, 0, 0];
  order.forEach((row, place) => {
    const weight = weights ? weights[row]! : 1;
    tied += weight;
    if (labels[row] === 1) positives += weight;
    else negatives += weight;
    if (!endsTie[place]) return;
    if (tied > 0) counts.push({ threshold: probabilities[row]!, positives, negatives });
    tied = 0;
  });
  return counts;
}

/** Points without those at which both counts go on growing by the same step as before. */
function corners(counts: readonly Counts[]): Counts[] {
  return counts.filter((here, i) => {
    const before = counts[i - 1];
    const after = counts[i + 1];
    if (!before || !after) return true;
    return (
      after.positives - 2 * here.positives + before.positives !== 0 ||
      after.negatives - 2 * here.negatives + before.negatives !== 0
    );
  });
}
