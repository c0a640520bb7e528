/**
 * The four counts of a binary decision, from which sensitivity, specificity and similar metrics are computed.
 */
import { checkRows, metricFrom, type Metric } from './metric.ts';

/** Weight of rows by truth and decision. */
export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

/**
 * The counts as a function of weights; a row is called positive when its probability is at least the threshold.
 * @param labels [rows], each 0 or 1. @param probabilities [rows], finite.
 */
export function prepareConfusion(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  threshold = 0.5,
): (weights?: ArrayLike<number>) => Confusion {
  checkRows('confusion', labels, probabilities);
  if (Number.isNaN(threshold)) throw new RangeError('confusion: threshold must be a number, got NaN');
  const cells = Uint8Array.from(probabilities, (p, i) => 2 * labels[i]! + (p >= threshold ? 1 : 0));
  return (weights) => {
    const sums = [0, 0, 0, 0];
    for (let i = 0; i < cells.length; i++) sums[cells[i]!]! += weights ? weights[i]! : 1;
    const [trueNegatives, falsePositives, falseNegatives, truePositives] = sums as [
      number,
      number,
      number,
      number,
    ];
    return { truePositives, falsePositives, trueNegatives, falseNegatives };
  };
}

/** A registry entry that is a function of the four counts. */
export function metricOfConfusion(
  entry: Pick<Metric, 'label' | 'reported'> & { readonly of: (counts: Confusion) => number | undefined },
): Metric {
  return metricFrom({
    label: entry.label,
    better: 'higher',
    reported: entry.reported,
    atThreshold: true,
    prepare: (labels, probabilities, threshold) => {
      const confusion = prepareConfusion(labels, probabilities, threshold);
      return (weights) => entry.of(confusion(weights));
    },
  });
}

/** part / (part + rest); undefined when both are 0. */
export function share(part: number, rest: number): number | undefined {
  return part + rest > 0 ? part / (part + rest) : undefined;
}
