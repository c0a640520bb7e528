/**
 * The lab without page, workers and database: the real plan, training and findings on the processor, for studies of linear probes on
 * features that come ready-made.
 */
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import * as tf from '@tensorflow/tfjs-core';
import type { CohortRow } from '../../src/cohort/cohort.ts';
import { observedRows, trainingPatients } from '../../src/cohort/training-size.ts';
import { fitFeatureNormalisation, normaliseFeatures } from '../../src/models/feature-normalisation.ts';
import type { StudyConfig } from '../../src/study/config.ts';
import type { Findings } from '../../src/study/findings/findings.ts';
import { resolveRun } from '../../src/study/halving.ts';
import type { PlannedJob, RunJob, RunResult } from '../../src/study/job.ts';
import { planStudy, type CohortOfStudy } from '../../src/study/plan.ts';
import { bestOnValidation } from '../../src/study/selection.ts';
import { summarize } from '../../src/study/findings/summary.ts';
import type { FeatureMatrix, FineTuningData } from '../../src/training/data.ts';
import { fineTune, type FineTuned } from '../../src/training/fine-tune.ts';

/** Results of runs that saw no report, by id: cohorts that differ in their reports only can share them. */
export type FilmOnlyResults = Map<string, RunResult>;

/**
 * Runs every job of a study.
 * @param features of all rows, as they are; each run standardises them by its training rows.
 * @param shared results to take instead of running, and the place for new ones. The cohorts that share must have the same fingerprint, films,
 *   labels and split.
 */
export async function runDryStudy(
  config: StudyConfig,
  cohort: CohortOfStudy,
  features: FeatureMatrix,
  shared: FilmOnlyResults = new Map(),
): Promise<Findings> {
  await tf.setBackend('cpu');
  const plan = await planStudy(config, cohort);
  const results = new Map<string, RunResult>();
  for (const planned of plan) {
    const { id, job, arms } = planned;
    if (job.kind !== 'run') continue;
    const resolved = resolveRun({ ...planned, job }, (rungId) => results.get(rungId));
    const result = shared.get(id) ?? (await runJob(planned, resolved, cohort, features, results));
    results.set(id, result);
    if (arms.every((arm) => arm === 'imageOnly' || arm === 'selfDistilled')) shared.set(id, result);
  }
  return summarize({
    config,
    createdAt: '2026-01-01T00:00:00.000Z',
    plan,
    results: [...results.values()],
    rows: cohort.rows,
    labelNames: cohort.labelNames,
  });
}

async function runJob(
  planned: PlannedJob,
  job: RunJob,
  { rows, labelNames }: CohortOfStudy,
  features: FeatureMatrix,
  results: ReadonlyMap<string, RunResult>,
): Promise<RunResult> {
  const label = labelNames.indexOf(job.label);
  const teachers = planned.teacherIds.map((id) => results.get(id)!);
  const teacher = teachers.length > 0 ? bestOnValidation(teachers) : null;
  const indices = (some: readonly CohortRow[]): number[] => some.map(({ index }) => index);
  const trainingRows = indices(trainingPatients(rows, label, job.trainingSize, job.seed));
  const data: FineTuningData = {
    trainingRows,
    validationRows: indices(observedRows(rows, label, 'validation')),
    testRows: indices(observedRows(rows, label, 'test')),
    labels: new Map(
      rows.flatMap(({ index, labels }) => {
        const value = labels[label] ?? null;
        return value === null ? [] : [[index, value] as const];
      }),
    ),
    reports: rows.map(({ report }) => report),
    films: {
      statistics: { mean: 0, standardDeviation: 1 },
      side: 1,
      read: () => Promise.reject(new Error('a dry study reads no films')),
    },
    features: standardised(features, trainingRows),
    teacherLogits: teacher && logitsOfTeacher(teacher),
  };
  const tuned = await lastValue(fineTune(job, data, { assertAlive: () => undefined }));
  return {
    kind: 'run',
    id: planned.id,
    job,
    teacherId: teacher?.id ?? null,
    validationScore: tuned.validationScore,
    validationAuroc: tuned.validationAuroc,
    positiveWeight: tuned.positiveWeight,
    training: { rows: trainingRows, logits: tuned.trainingLogits },
    validation: { rows: data.validationRows, logits: tuned.validationLogits },
    test: { rows: data.testRows, logits: tuned.testLogits },
    steps: tuned.steps,
    bestStep: tuned.bestStep,
    history: [],
    trainingPatients: new Set(trainingRows.map((row) => rows[row]!.patientId)).size,
    trainingPositives: trainingRows.filter((row) => rows[row]!.labels[label] === 1).length,
    durationMs: 0,
    adapter: 'cpu',
    finishedAt: '',
  };
}

/** The teacher's logits on the scale that its loss gave them, as the trainer hands them to a student. */
function logitsOfTeacher({ training, positiveWeight }: RunResult): Map<number, number> {
  return new Map(training.rows.map((row, i) => [row, training.logits[i]! + Math.log(positiveWeight)]));
}

function standardised({ dimensions, values }: FeatureMatrix, trainingRows: readonly number[]): FeatureMatrix {
  const normalisation = fitFeatureNormalisation(values, dimensions, trainingRows);
  return { dimensions, values: normaliseFeatures(values, normalisation) };
}

async function lastValue(run: AsyncGenerator<unknown, FineTuned>): Promise<FineTuned> {
  for (;;) {
    const next = await run.next();
    if (next.done) return next.value;
  }
}
