/**
 * The curves of a condition from the seeds' mean probability: ROC with the operating point, precision-recall, net benefit.
 */
import { chooseThreshold } from '../../evaluation/choose-threshold.ts';
import { precisionRecallCurve, rocCurve } from '../../evaluation/curves.ts';
import { sensitivity } from '../../evaluation/metrics/sensitivity.ts';
import { specificity } from '../../evaluation/metrics/specificity.ts';
import { netBenefit } from '../../evaluation/net-benefit.ts';
import type { Cell, NetBenefit, PrecisionRecall, RocPoint } from './findings.ts';
import { estimateOf, type LabelledRows, type Measurement } from '../cost/measurement.ts';

/** Labels and probabilities of the same films. */
export interface LabelledProbabilities {
  /** [films], each 0 or 1. */
  readonly labels: readonly number[];
  /** [films], in [0, 1]. */
  readonly probabilities: readonly number[];
}

/** The ROC curve, and the point on it that validation films chose. */
export function rocOf(
  test: LabelledProbabilities,
  validation: LabelledProbabilities,
): Pick<Cell, 'roc' | 'operatingPoint'> {
  const threshold = chooseThreshold(validation.labels, validation.probabilities);
  return {
    roc: (rocCurve(test.labels, test.probabilities) ?? []).map(({ falsePositiveRate, sensitivity }) => ({
      falsePositiveRate,
      sensitivity,
    })),
    operatingPoint: threshold === undefined ? null : pointAt(threshold, test),
  };
}

function pointAt(threshold: number, { labels, probabilities }: LabelledProbabilities): RocPoint | null {
  const found = sensitivity.compute(labels, probabilities, undefined, threshold);
  const spared = specificity.compute(labels, probabilities, undefined, threshold);
  return found === undefined || spared === undefined
    ? null
    : { falsePositiveRate: 1 - spared, sensitivity: found };
}

/**
 * The precision-recall curve, recall ascending from (0, 1). Of the points of one recall the one with the highest threshold is kept, whose
 * precision is the best: Σ (Rₙ − Rₙ₋₁) Pₙ over the points is the average precision. Empty without positive films.
 */
export function precisionRecallOf({ labels, probabilities }: LabelledProbabilities): PrecisionRecall[] {
  const descending = [...(precisionRecallCurve(labels, probabilities) ?? [])].reverse();
  return descending
    .filter(({ recall }, i) => i === 0 || recall > descending[i - 1]!.recall)
    .map(({ recall, precision }) => ({ recall, precision }));
}

/** Threshold probabilities 0.05, 0.10 … 0.95. */
const thresholds = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

/**
 * Net benefit over thresholds, ascending, each with its interval over patients, up to the highest probability that a film has: above that, nobody
 * is treated. Empty unless both classes occur.
 */
export function decisionCurveOf(
  { labels, probabilities }: LabelledProbabilities,
  test: LabelledRows,
  measurement: Measurement,
  confidence: number,
): NetBenefit[] {
  const prevalence = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  if (!(prevalence > 0 && prevalence < 1)) return [];
  const highest = Math.max(...probabilities);
  const used = thresholds.filter((threshold) => threshold <= highest);
  const measured = measurement.replicate(
    used.map((threshold) => netBenefit(labels, probabilities, threshold)),
    test,
  );
  return used.map((threshold, i) => ({
    threshold,
    netBenefit: estimateOf(measured[i]!, confidence),
    treatAll: prevalence - ((1 - prevalence) * threshold) / (1 - threshold),
  }));
}
