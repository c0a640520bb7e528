/**
 * One condition with its results: mean over seeds, interval over patients, spread over seeds kept apart.
 */
import { chooseThreshold } from '../evaluation/choose-threshold.ts';
import { rocCurve } from '../evaluation/curves.ts';
import { sensitivity } from '../evaluation/metrics/sensitivity.ts';
import { specificity } from '../evaluation/metrics/specificity.ts';
import type { Cell, RocPoint, SeedResult } from './findings.ts';
import type { RunResult } from './job.ts';
import {
  estimateOf,
  meanOver,
  meanProbabilities,
  type LabelledRows,
  type Measurement,
} from './measurement.ts';
import type { SelectedCondition } from './selection.ts';

/** The cell of a finished condition. @param confidence level of the intervals, in (0, 1). */
export function cellOf(
  { condition, candidates, chosen }: SelectedCondition,
  measurement: Measurement,
  confidence: number,
): Cell {
  const test = measurement.testRows(chosen);
  const measured = measurement.measure(chosen, test);
  const aurocs = measured['auroc']!.map(({ value }) => value);
  return {
    ...condition,
    trainingPatients: Math.min(...chosen.map((run) => run.trainingPatients)),
    testPatients: new Set(test.patients).size,
    testFilms: test.rows.length,
    testPositives: test.labels.reduce((sum, label) => sum + label, 0),
    candidates,
    metrics: Object.fromEntries(
      Object.entries(measured).map(([name, seeds]) => [name, estimateOf(meanOver(seeds), confidence)]),
    ),
    seeds: chosen.map((run, i) => seedResult(run, aurocs[i])),
    seedStandardDeviation: standardDeviation(aurocs),
    ...operatingCurve(chosen, test, measurement),
    precisionRecall: [],
    calibration: null,
    decisionCurve: [],
    subgroups: [],
  };
}

function seedResult({ id, job }: RunResult, auroc: number | undefined): SeedResult {
  const { seed, training, lambda, temperature } = job;
  return { seed, runId: id, weightDecay: training.weightDecay, lambda, temperature, auroc: auroc ?? null };
}

/** The ROC curve of the seeds' mean probability, and the point on it that validation patients chose. */
function operatingCurve(
  chosen: readonly RunResult[],
  test: LabelledRows,
  measurement: Measurement,
): { roc: readonly RocPoint[]; operatingPoint: RocPoint | null } {
  const probabilities = meanProbabilities(chosen, (run) => run.test, test.rows);
  const validation = measurement.validationRows(chosen);
  const threshold = chooseThreshold(
    validation.labels,
    meanProbabilities(chosen, (run) => run.validation, validation.rows),
  );
  return {
    roc: (rocCurve(test.labels, probabilities) ?? []).map(({ falsePositiveRate, sensitivity }) => ({
      falsePositiveRate,
      sensitivity,
    })),
    operatingPoint: threshold === undefined ? null : pointAt(threshold, test.labels, probabilities),
  };
}

function pointAt(
  threshold: number,
  labels: readonly number[],
  probabilities: readonly number[],
): RocPoint | null {
  const found = sensitivity.compute(labels, probabilities, undefined, threshold);
  const spared = specificity.compute(labels, probabilities, undefined, threshold);
  return found === undefined || spared === undefined
    ? null
    : { falsePositiveRate: 1 - spared, sensitivity: found };
}

/** Divisor n − 1; null with fewer than two values or an undefined one. */
function standardDeviation(values: readonly (number | undefined)[]): number | null {
  const defined = values.filter((value) => value !== undefined);
  if (defined.length < 2 || defined.length < values.length) return null;
  const mean = defined.reduce((sum, value) => sum + value, 0) / defined.length;
  return Math.sqrt(defined.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (defined.length - 1));
}
