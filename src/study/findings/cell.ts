/**
 * One condition with its results: mean over seeds, interval over patients, spread over seeds kept apart.
 */
import { calibrationOf } from './cell-calibration.ts';
import { decisionCurveOf, precisionRecallOf, rocOf } from './cell-curves.ts';
import type { Cell, SeedResult } from './findings.ts';
import type { Predictions, RunResult } from '../job.ts';
import {
  estimateOf,
  meanOver,
  meanProbabilities,
  type LabelledRows,
  type Measurement,
} from '../cost/measurement.ts';
import type { SelectedCondition } from '../selection.ts';
import { subgroupsOf } from './subgroups.ts';

/**
 * The cell of a finished condition.
 * @param confidence level of the intervals, in (0, 1).
 * @param bySubgroup whether AUROC by group is computed; left out, groups are empty. It takes as long as a third of the metrics.
 */
export function cellOf(
  { condition, candidates, chosen }: SelectedCondition,
  measurement: Measurement,
  confidence: number,
  bySubgroup: boolean,
): Cell {
  const test = measurement.testRows(chosen);
  const validation = measurement.validationRows(chosen);
  const measured = measurement.measure(chosen, test);
  const aurocs = measured['auroc']!.map(({ value }) => value);
  const tested = meanPrediction(chosen, (run) => run.test, test);
  const validated = meanPrediction(chosen, (run) => run.validation, validation);
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
    ...rocOf(tested, validated),
    precisionRecall: precisionRecallOf(tested),
    calibration: calibrationOf(tested, validated, test, measurement, confidence),
    decisionCurve: decisionCurveOf(tested, test, measurement, confidence),
    subgroups: bySubgroup ? subgroupsOf(chosen, test, measurement, confidence) : [],
  };
}

function meanPrediction(
  chosen: readonly RunResult[],
  side: (run: RunResult) => Predictions,
  { rows, labels }: LabelledRows,
) {
  return { labels, probabilities: meanProbabilities(chosen, side, rows) };
}

function seedResult({ id, job }: RunResult, auroc: number | undefined): SeedResult {
  const { seed, training, lambda, temperature } = job;
  return { seed, runId: id, weightDecay: training.weightDecay, lambda, temperature, auroc: auroc ?? null };
}

/** Divisor n − 1; null with fewer than two values or an undefined one. */
function standardDeviation(values: readonly (number | undefined)[]): number | null {
  const defined = values.filter((value) => value !== undefined);
  if (defined.length < 2 || defined.length < values.length) return null;
  const mean = defined.reduce((sum, value) => sum + value, 0) / defined.length;
  return Math.sqrt(defined.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (defined.length - 1));
}
