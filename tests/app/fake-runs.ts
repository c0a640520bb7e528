/**
 * Results of runs for tests of pages, made up on the rows of the fake cohort; what is measured on them is measured by the lab's own code.
 */
import type { Cohort, CohortRow, SplitName } from '../../src/cohort/cohort.ts';
import { onSharedRows, pairAurocs } from '../../src/exports/compare-runs.ts';
import { labelPredictions } from '../../src/exports/labelled-predictions.ts';
import { measureAgain } from '../../src/exports/measure-run.ts';
import { Random } from '../../src/random/random.ts';
import { dependentsOf } from '../../src/study/dependents.ts';
import type { JobResult, PlannedJob, Predictions, RunResult } from '../../src/study/job.ts';
import type { TrainingPoint } from '../../src/training/task.ts';
import type { EvaluatorApi, TrainerApi } from '../../workers/contract.ts';
import type { StudyRecord } from '../../src/records/study-record.ts';
import { madeUpHistory, madeUpPretraining } from './fake-pretraining.ts';

/** A fake cohort with its rows. */
export interface FakeCohort {
  readonly cohort: Cohort;
  readonly rows: readonly CohortRow[];
}

/** A job's result; runs predict the label with much noise. */
export function madeUpResult(
  { id, job }: PlannedJob,
  { cohort, rows }: FakeCohort,
  collapsing: boolean,
): JobResult {
  const random = new Random(id);
  const kept = { id, durationMs: 100, adapter: 'fake', finishedAt: '2026-11-20T10:00:00.000Z' };
  if (job.kind === 'features') return { ...kept, kind: 'features', job, dimensions: 8 };
  if (job.kind === 'pretraining') return madeUpPretraining(id, job, collapsing);
  const predict = (side: SplitName): Predictions => {
    const ofSide = rows.filter(({ split }) => split === side);
    const label = cohort.labelNames.indexOf(job.label);
    return {
      rows: ofSide.map(({ index }) => index),
      logits: ofSide.map(({ labels }) => 1.6 * (labels[label] ?? 0) - 1 + random.normal(0, 1.2)),
    };
  };
  return {
    ...kept,
    kind: 'run',
    job: { ...job, training: { ...job.training, weightDecay: job.training.weightDecay ?? 0.01 } },
    teacherId: null,
    validationScore: 0.7,
    validationAuroc: 0.65 + 0.2 * random.uniform(),
    positiveWeight: 1,
    training: { rows: [], logits: [] },
    validation: predict('validation'),
    test: predict('test'),
    steps: 40,
    bestStep: 30,
    history: curve(random, 40),
    trainingPatients: 40,
    trainingPositives: 12,
  };
}

/** The points of a job's curve. */
export function madeUpPoints({ id, job }: PlannedJob, collapsing: boolean): readonly TrainingPoint[] {
  if (job.kind === 'features') return [];
  return job.kind === 'pretraining' ? madeUpHistory(id, job, collapsing) : curve(new Random(id), 40);
}

function curve(random: Random, steps: number) {
  return Array.from({ length: steps / 2 }, (_, index) => ({
    step: 2 * index + 1,
    trainingLoss: 0.7 * Math.exp(-index / 12) + 0.02 * random.uniform(),
    learningRate: 0.001,
    gradientNorm: 1,
    ...(index % 4 === 3
      ? {
          validationLoss: 0.72 * Math.exp(-index / 20) + 0.03,
          validationAuroc: 0.55 + 0.25 * (1 - Math.exp(-index / 8)),
          positiveWeight: 1,
        }
      : {}),
  }));
}

/** The trainer's words on deletions. */
export function fakeRunKeeper(
  studies: ReadonlyMap<string, StudyRecord>,
  results: Map<string, JobResult>,
): Pick<TrainerApi, 'previewStudyDeletion' | 'previewResultDeletion' | 'deleteResult'> {
  const touched = (studyId: string, jobId: string): string[] =>
    [jobId, ...dependentsOf(studies.get(studyId)!.plan, jobId)].filter((id) => results.has(id));
  return {
    previewStudyDeletion: (id) => {
      const done = studies.get(id)!.plan.filter((planned) => results.has(planned.id));
      const features = done.filter(({ job }) => job.kind === 'features').length;
      return Promise.resolve({
        results: done.length,
        features,
        weights: done.filter(({ job }) => job.kind === 'pretraining').length,
        sizeBytes: 4_200_000,
        resultsKept: features,
        keptBy: features > 0 ? ['Another study'] : [],
      });
    },
    previewResultDeletion: (studyId, jobId) =>
      Promise.resolve({ jobs: touched(studyId, jobId), sizeBytes: 42_000, otherStudies: [] }),
    deleteResult: (studyId, jobId) => {
      touched(studyId, jobId).forEach((id) => results.delete(id));
      return Promise.resolve();
    },
  };
}

/** The evaluator's measurements of single runs. */
export function fakeRunEvaluator(
  studies: ReadonlyMap<string, StudyRecord>,
  results: ReadonlyMap<string, JobResult>,
  cohorts: ReadonlyMap<string, FakeCohort>,
): Pick<EvaluatorApi, 'measure' | 'compareRuns'> {
  const open = (studyId: string) => {
    const study = studies.get(studyId)!;
    const { cohort, rows } = cohorts.get(study.cohortId)!;
    const join = (run: RunResult, predictions: Predictions) =>
      labelPredictions(predictions, run.job.label, cohort, rows);
    const { statistics } = study.config;
    return { join, statistics, finished: study.plan.every(({ id }) => results.has(id)) };
  };
  const runOf = (id: string): RunResult => {
    const result = results.get(id);
    if (result?.kind !== 'run') throw new Error(`fake: no run ${id}`);
    return result;
  };
  return {
    measure: async (studyId, runId, metrics, threshold) => {
      const { join, statistics, finished } = open(studyId);
      const run = runOf(runId);
      const test = finished ? join(run, run.test) : null;
      return Promise.resolve(
        measureAgain({ validation: join(run, run.validation), test }, metrics, threshold, statistics),
      );
    },
    compareRuns: async (studyId, leftId, rightId) => {
      const { join, statistics, finished } = open(studyId);
      const [left, right] = [runOf(leftId), runOf(rightId)];
      const pair = (side: 'validation' | 'test') => {
        const [a, b] = onSharedRows(left[side], right[side]);
        return pairAurocs(join(left, a), join(right, b), statistics);
      };
      const { confidence, bootstrapSamples: resamples } = statistics;
      return Promise.resolve({
        confidence,
        resamples,
        validation: pair('validation'),
        test: finished ? pair('test') : null,
      });
    },
  };
}
