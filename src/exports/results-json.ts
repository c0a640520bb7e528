/**
 * results.json: everything a reader needs to check a study or to compute a new metric without training again. Each run keeps its prediction
 * for each film, as a column beside one list of films: a study has hundreds of runs, and rows of named members would make its file ten
 * times as large. Films and reports themselves are not in it, except for single words with a large weight in a report-only probe.
 */
import type { CohortRow } from '../cohort/cohort.ts';
import type { ArmName } from '../study/arms/registry.ts';
import type { StudyConfig } from '../study/config.ts';
import type { Tuning } from '../training/fine-tuning.ts';
import type { Comparison, Estimate, Findings, Metrics, VerdictWord } from '../study/findings/findings.ts';
import type { Predictions, PretrainingResult, RunResult } from '../study/job.ts';
import { noNotes, type StudyNotes } from '../study/notes.ts';
import { conditionKey } from '../study/selection.ts';
import { countCohort, type CohortCounts } from '../cohort/cohort-counts.ts';
import { labelPredictions, logistic } from './labelled-predictions.ts';
import type { MeasureRun, StudyExport } from './study-export.ts';

/** Version of the format. Version 1 called a run's arm `method`; `read-results.ts` reads both. */
export const resultsFileVersion = 2;

/** A film that runs were validated or tested on. */
export interface FilmRecord {
  readonly imageId: string;
  readonly patientId: string;
  readonly split: 'test' | 'validation';
  /** The truth, by the cohort's label names in their order; null where it is not known. */
  readonly labels: readonly (0 | 1 | null)[];
}

/** One run as one arm used it; a run that two arms use stands there once for each. */
export interface RunRecord {
  readonly id: string;
  readonly label: string;
  readonly arm: ArmName;
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
  /** Probability of the label by film, in the order of `films`, to seven digits; null where the run's label is not known. */
  readonly predictions: readonly (number | null)[];
  /** Steps that it might take at most: fewer in an earlier rung of successive halving. */
  readonly maxSteps: number;
  readonly steps: number;
  readonly bestStep: number;
  readonly durationMs: number;
  readonly adapter: string;
  /** Which kernel ran each class of operation where it was not the first of its table; null in runs from before there was a choice. */
  readonly kernels: Readonly<Record<string, string>> | null;
}

/** One pre-training: its settings and its signals. Weights stay in the browser; pictures of films are left out. */
export type PretrainingRecord = Omit<
  PretrainingResult,
  'kind' | 'weights' | 'reconstructions' | 'nearestReports' | 'kernels'
> & {
  readonly kernels: Readonly<Record<string, string>> | null;
};

/** A comparison; those to the baseline, and those to no pre-training, carry the verdict. */
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
  readonly acrossSeeds: Comparison['acrossSeeds'];
  readonly equivalenceP: number | null;
  readonly detectableDifference: number | null;
  /** Test patients with a film of the rarer class; on fewer than ten there is no verdict. */
  readonly rarerClassPatients: number;
  readonly verdict?: VerdictWord;
}

/** What the file begins with: all but its long lists. */
export interface ResultsHead {
  readonly format: 'reading-room-results';
  readonly version: typeof resultsFileVersion;
  readonly createdAt: string;
  /** False: some planned runs have no result yet, and every number below stands on those that have. */
  readonly finished: boolean;
  readonly runsDone: number;
  readonly runsPlanned: number;
  readonly config: StudyConfig;
  /** The primary question, when it was named, and whether results for its label were there by then; null where the study names none. */
  readonly primary: Findings['primary'];
  readonly cohort: CohortCounts;
  readonly adapter: string;
  readonly software: Readonly<Record<string, string>>;
  readonly verdicts: Findings['verdicts'];
  readonly pretrainingVerdicts: Findings['pretrainingVerdicts'];
  readonly answers: Findings['answers'];
  /** Why, for each label; words that a report-only probe goes by are the only text from reports in this file. */
  readonly diagnoses: Findings['diagnoses'];
  /** Scores of each λ and τ on validation patients. */
  readonly grids: Findings['grids'];
  readonly comparisons: readonly ComparisonRecord[];
  readonly cells: Findings['cells'];
  /** Names of the labels in each film's `labels`. */
  readonly labelNames: readonly string[];
  /** A person's own words on the study and its runs, and which runs are pinned. */
  readonly notes: StudyNotes;
}

/** The whole file. */
export interface ResultsFile extends ResultsHead {
  readonly films: readonly FilmRecord[];
  readonly pretrainings: readonly PretrainingRecord[];
  readonly runs: readonly RunRecord[];
}

/**
 * results.json, piece by piece: the probabilities of thousands of runs may be more text than a string can hold. The head stands in the first
 * line, and each of the long lists and their entries begin lines of their own.
 * @param measureRun computes the metrics of a chosen run.
 */
export function* resultsJson(study: StudyExport, measureRun: MeasureRun): Generator<string, void, void> {
  const judged = study.rows.filter(({ split }) => split !== 'train');
  yield JSON.stringify(resultsHead(study)).slice(0, -1);
  yield* listJson('films', judged.map(filmRecord));
  yield* listJson('pretrainings', pretrainingRecords(study));
  yield* listJson('runs', runRecords(study, judged, measureRun));
  yield '}\n';
}

function* listJson(name: string, entries: Iterable<unknown>): Generator<string, void, void> {
  let before = `,\n"${name}":[\n`;
  for (const entry of entries) {
    yield before + JSON.stringify(entry);
    before = ',\n';
  }
  yield before === ',\n' ? '\n]' : `,\n"${name}":[]`;
}

function resultsHead(study: StudyExport): ResultsHead {
  const { findings, cohort, rows } = study;
  return {
    format: 'reading-room-results',
    version: resultsFileVersion,
    createdAt: study.createdAt,
    finished: findings.runsDone >= findings.runsPlanned,
    runsDone: findings.runsDone,
    runsPlanned: findings.runsPlanned,
    config: findings.config,
    primary: findings.primary,
    cohort: countCohort(cohort, rows),
    adapter: study.adapter,
    software: study.software,
    verdicts: findings.verdicts,
    pretrainingVerdicts: findings.pretrainingVerdicts,
    answers: findings.answers,
    diagnoses: findings.diagnoses,
    grids: findings.grids,
    comparisons: comparisonRecords(findings),
    cells: findings.cells,
    labelNames: cohort.labelNames,
    notes: study.notes ?? noNotes,
  };
}

function filmRecord({ imageId, patientId, split, labels }: CohortRow): FilmRecord {
  return { imageId, patientId, split: split as FilmRecord['split'], labels };
}

function* runRecords(
  study: StudyExport,
  judged: readonly CohortRow[],
  measureRun: MeasureRun,
): Generator<RunRecord, void, void> {
  const chosen = chosenRuns(study.findings);
  const results = new Map(study.results.map((result) => [result.id, result]));
  for (const { id, arms } of study.plan) {
    const result = results.get(id);
    if (result?.kind !== 'run') continue;
    const test = labelPredictions(result.test, result.job.label, study.cohort, study.rows);
    const validation = labelPredictions(result.validation, result.job.label, study.cohort, study.rows);
    const isChosen = (arm: ArmName): boolean => chosen.has(`${arm}/${id}`);
    const metrics = arms.some(isChosen) ? measureRun(test, validation) : {};
    const labelIndex = study.cohort.labelNames.indexOf(result.job.label);
    const predictions = predictionColumn(judged, labelIndex, [result.test, result.validation]);
    for (const arm of arms)
      yield runRecord(result, arm, isChosen(arm), isChosen(arm) ? metrics : {}, predictions);
  }
}

function pretrainingRecords({ results }: StudyExport): PretrainingRecord[] {
  return results.flatMap((result) => (result.kind === 'pretraining' ? [pretrainingRecord(result)] : []));
}

function pretrainingRecord(result: PretrainingResult): PretrainingRecord {
  const {
    kind: _kind,
    weights: _w,
    reconstructions: _r,
    nearestReports: _n,
    kernels = null,
    ...record
  } = result;
  return { ...record, kernels };
}

function chosenRuns(findings: Findings): ReadonlySet<string> {
  return new Set(findings.cells.flatMap(({ arm, seeds }) => seeds.map(({ runId }) => `${arm}/${runId}`)));
}

function runRecord(
  result: RunResult,
  arm: ArmName,
  chosen: boolean,
  metrics: Metrics,
  predictions: readonly (number | null)[],
): RunRecord {
  const { job } = result;
  return {
    id: result.id,
    label: job.label,
    arm,
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
    maxSteps: job.training.maxSteps,
    steps: result.steps,
    bestStep: result.bestStep,
    durationMs: result.durationMs,
    adapter: result.adapter,
    kernels: result.kernels ?? null,
  };
}

function predictionColumn(
  judged: readonly CohortRow[],
  labelIndex: number,
  sides: readonly Predictions[],
): (number | null)[] {
  const logits = new Map(
    sides.flatMap(({ rows, logits: side }) => Array.from(rows, (row, i) => [row, side[i]!] as const)),
  );
  return judged.map(({ index, labels }) => {
    const logit = logits.get(index);
    if (logit === undefined || labels[labelIndex] === null) return null;
    // Further digits would exceed the precision of the 32-bit numbers in training.
    return Number(logistic(logit).toPrecision(7));
  });
}

function comparisonRecords({ comparisons, verdicts, pretrainingVerdicts }: Findings): ComparisonRecord[] {
  const wordsOf = (given: Findings['verdicts'] | Findings['pretrainingVerdicts']): Map<string, VerdictWord> =>
    new Map(given.map((verdict) => [conditionKey(verdict), verdict.word]));
  const words = new Map<Comparison['comparedTo'], Map<string, VerdictWord>>([
    ['baseline', wordsOf(verdicts)],
    ['noPretraining', wordsOf(pretrainingVerdicts)],
  ]);
  return comparisons.map((comparison) => {
    const { imageEncoder: encoder, ...rest } = comparison;
    const verdict = words.get(comparison.comparedTo)?.get(conditionKey(comparison));
    return { ...rest, encoder, ...(verdict ? { verdict } : {}) };
  });
}
