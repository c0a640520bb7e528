/**
 * results.json: everything a reader needs to check a study or to compute a new metric without training again. Predictions are kept for
 * each film; films and reports themselves are not in it.
 */
import type { ArmName, StudyConfig } from '../study/config.ts';
import type { Tuning } from '../training/fine-tuning.ts';
import type { Comparison, Estimate, Findings, Metrics, VerdictWord } from '../study/findings.ts';
import type { RunResult } from '../study/job.ts';
import { conditionKey } from '../study/selection.ts';
import { countCohort, type CohortCounts } from './cohort-counts.ts';
import { labelPredictions } from './labelled-predictions.ts';
import type { LabelledPredictions, MeasureRun, StudyExport } from './study-export.ts';

/** One film's prediction. */
export interface PredictionRecord {
  readonly imageId: string;
  readonly patientId: string;
  readonly split: 'test' | 'validation';
  /** The truth. */
  readonly y: 0 | 1;
  readonly probability: number;
}

/** One run as one arm used it; a run that two arms use stands there once for each. */
export interface RunRecord {
  readonly id: string;
  readonly label: string;
  readonly method: ArmName;
  readonly pretraining: string;
  readonly tuning: Tuning;
  readonly encoder: string;
  readonly weightDecay: number;
  readonly lambda: number | null;
  readonly tau: number | null;
  readonly trainingSize: number | 'all';
  readonly trainingPatients: number;
  readonly seed: number;
  /** The run whose predictions taught; null when nobody did. */
  readonly teacherId: string | null;
  /** Whether validation patients chose this candidate for its arm and seed. */
  readonly chosen: boolean;
  readonly validationAuroc: number | null;
  /** On test patients, with patient-level intervals; empty for candidates that were not chosen. */
  readonly metrics: Metrics;
  readonly predictions: readonly PredictionRecord[];
  readonly steps: number;
  readonly bestStep: number;
  readonly durationMs: number;
  readonly adapter: string;
}

/** A comparison; those to the baseline carry the verdict. */
export interface ComparisonRecord {
  readonly label: string;
  readonly arm: ArmName;
  readonly comparedTo: Comparison['comparedTo'];
  readonly trainingSize: number | 'all';
  readonly tuning: Tuning;
  readonly pretraining: string;
  readonly encoder: string;
  readonly difference: Estimate;
  readonly p: number | null;
  readonly adjustedP: number | null;
  readonly delongP: number | null;
  readonly verdict?: VerdictWord;
}

/** The whole file. */
export interface ResultsFile {
  readonly format: 'reading-room-results';
  readonly version: 1;
  readonly createdAt: string;
  /** False: some planned runs have no result yet, and every number below stands on those that have. */
  readonly finished: boolean;
  readonly runsDone: number;
  readonly runsPlanned: number;
  readonly config: StudyConfig;
  readonly cohort: CohortCounts;
  readonly adapter: string;
  readonly software: Readonly<Record<string, string>>;
  readonly verdicts: Findings['verdicts'];
  readonly answers: Findings['answers'];
  readonly comparisons: readonly ComparisonRecord[];
  readonly cells: Findings['cells'];
  readonly runs: readonly RunRecord[];
}

/** The file's content as an object. @param measureRun computes the metrics of a chosen run. */
export function resultsFile(study: StudyExport, measureRun: MeasureRun): ResultsFile {
  const { findings, cohort, rows } = study;
  return {
    format: 'reading-room-results',
    version: 1,
    createdAt: study.createdAt,
    finished: findings.runsDone >= findings.runsPlanned,
    runsDone: findings.runsDone,
    runsPlanned: findings.runsPlanned,
    config: findings.config,
    cohort: countCohort(cohort, rows),
    adapter: study.adapter,
    software: study.software,
    verdicts: findings.verdicts,
    answers: findings.answers,
    comparisons: comparisonRecords(findings),
    cells: findings.cells,
    runs: runRecords(study, measureRun),
  };
}

/** results.json as text. */
export function resultsJson(study: StudyExport, measureRun: MeasureRun): string {
  return `${JSON.stringify(resultsFile(study, measureRun))}\n`;
}

function runRecords(study: StudyExport, measureRun: MeasureRun): RunRecord[] {
  const chosen = chosenRuns(study.findings);
  const results = new Map(study.results.map((result) => [result.id, result]));
  return study.plan.flatMap(({ id, arms }) => {
    const result = results.get(id);
    if (result?.kind !== 'run') return [];
    const test = labelPredictions(result.test, result.job.label, study.cohort, study.rows);
    const validation = labelPredictions(result.validation, result.job.label, study.cohort, study.rows);
    const isChosen = (arm: ArmName): boolean => chosen.has(`${arm}/${id}`);
    const metrics = arms.some(isChosen) ? measureRun(test, validation) : {};
    const predictions = [...predictionRecords(test, 'test'), ...predictionRecords(validation, 'validation')];
    return arms.map((arm) =>
      runRecord(result, arm, isChosen(arm), isChosen(arm) ? metrics : {}, predictions),
    );
  });
}

function chosenRuns(findings: Findings): ReadonlySet<string> {
  return new Set(findings.cells.flatMap(({ arm, seeds }) => seeds.map(({ runId }) => `${arm}/${runId}`)));
}

function runRecord(
  result: RunResult,
  arm: ArmName,
  chosen: boolean,
  metrics: Metrics,
  predictions: readonly PredictionRecord[],
): RunRecord {
  const { job } = result;
  return {
    id: result.id,
    label: job.label,
    method: arm,
    pretraining: job.pretraining,
    tuning: job.tuning,
    encoder: job.imageEncoder.name,
    weightDecay: job.training.weightDecay,
    lambda: job.lambda,
    tau: job.temperature,
    trainingSize: job.trainingSize,
    trainingPatients: result.trainingPatients,
    seed: job.seed,
    teacherId: result.teacherId,
    chosen,
    validationAuroc: result.validationAuroc,
    metrics,
    predictions,
    steps: result.steps,
    bestStep: result.bestStep,
    durationMs: result.durationMs,
    adapter: result.adapter,
  };
}

function predictionRecords(side: LabelledPredictions, split: 'test' | 'validation'): PredictionRecord[] {
  return side.imageIds.map((imageId, i) => ({
    imageId,
    patientId: side.patientIds[i]!,
    split,
    y: side.labels[i]!,
    probability: side.probabilities[i]!,
  }));
}

function comparisonRecords({ comparisons, verdicts }: Findings): ComparisonRecord[] {
  const words = new Map(verdicts.map((verdict) => [conditionKey(verdict), verdict.word]));
  return comparisons.map((comparison) => {
    const { imageEncoder: encoder, ...rest } = comparison;
    const verdict = comparison.comparedTo === 'baseline' ? words.get(conditionKey(comparison)) : undefined;
    return { ...rest, encoder, ...(verdict ? { verdict } : {}) };
  });
}
