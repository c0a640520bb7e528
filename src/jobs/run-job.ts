/**
 * Executes one job of a plan: gathers what it needs from the stores, hands it to training, and keeps what comes out.
 */
import type { Cohort, CohortRow } from '../cohort/cohort.ts';
import { permuteReports } from '../cohort/permuted-reports.ts';
import { observedRows, trainingPatients } from '../cohort/training-size.ts';
import { variantsInForce } from '../kernels/tuning/variants.ts';
import { fitFeatureNormalisation, normaliseFeatures } from '../models/feature-normalisation.ts';
import { resolveRun } from '../study/halving.ts';
import type { FeaturesJob, PlannedJob, PlannedRun, RunJob, RunResult } from '../study/job.ts';
import { bestOnValidation } from '../study/selection.ts';
import { positiveWeight, type FeatureMatrix, type FineTuningData } from '../training/data.ts';
import { extractFeatures } from '../training/features.ts';
import { readsReports } from '../training/methods/inputs.ts';
import { fineTune } from '../training/fine-tune.ts';
import { adapterName, checkpointEverySteps, consume, reportCount, type JobContext } from './job-context.ts';
import { jobKey } from '../records/job-key.ts';
import { encoderSource, executePretraining } from './pretraining-job.ts';
import { ownTextEntry } from './report-embeddings.ts';
import { checkpointStore, featureStore, resultStore } from '../records/stores.ts';

/** Computes and stores one job's result. */
export async function executeJob(planned: PlannedJob, shared: Omit<JobContext, 'report'>): Promise<void> {
  shared.device.assertAlive();
  const { id, job } = planned;
  const context: JobContext = {
    ...shared,
    report: (progress) => shared.emit({ kind: 'jobProgress', id, progress }),
  };
  try {
    await execute(planned, job, context);
  } catch (error) {
    // A device that is being lost throws other errors first; the loss itself is reported a moment later.
    await new Promise((resolve) => setTimeout(resolve));
    context.device.assertAlive();
    throw error;
  }
}

function execute(planned: PlannedJob, job: PlannedJob['job'], context: JobContext): Promise<void> {
  switch (job.kind) {
    case 'pretraining':
      return executePretraining(planned.id, job, context);
    case 'features':
      return executeFeatures(planned, job, context);
    case 'run':
      return executeRun(planned, job, context);
    default:
      return job satisfies never;
  }
}

async function executeFeatures(
  { id, pretrainingId = null }: PlannedJob,
  job: FeaturesJob,
  context: JobContext,
): Promise<void> {
  const { cohort, rows, films, device, control, emit } = context;
  const startedMs = performance.now();
  const extraction = extractFeatures(
    job.encoder,
    job.imageSide,
    job.seed,
    films,
    rows.length,
    () => device.assertAlive(),
    await encoderSource(cohort, pretrainingId),
  );
  emit({ kind: 'jobStarted', id, fromStep: 0 });
  const { dimensions, values } = await consume(
    extraction,
    control,
    reportCount(context, 'Computing features of films'),
  );
  await featureStore.set(jobKey(cohort.fingerprint, id), values);
  await resultStore.set(jobKey(cohort.fingerprint, id), {
    kind: 'features',
    id,
    job,
    dimensions,
    durationMs: performance.now() - startedMs,
    adapter: adapterName(device),
    kernels: variantsInForce(),
    finishedAt: new Date().toISOString(),
  });
}

async function executeRun(planned: PlannedJob, asPlanned: PlannedRun, context: JobContext): Promise<void> {
  const { cohort, device, control, emit } = context;
  const key = jobKey(cohort.fingerprint, planned.id);
  const startedMs = performance.now();
  const job = await resolvedJob(planned, asPlanned, cohort);
  const teacher = await chosenTeacher(planned, cohort);
  const features =
    planned.featuresId === null
      ? null
      : await context.features.read(jobKey(cohort.fingerprint, planned.featuresId));
  const checkpoint = await checkpointStore.get(key);
  emit({ kind: 'jobStarted', id: planned.id, fromStep: checkpoint?.step ?? 0 });
  const data = await runData(job, features, teacher, context);
  const run = fineTune(job, data, {
    ...(checkpoint ? { resumeFrom: checkpoint } : {}),
    checkpointEverySteps,
    buildImageEncoder: await encoderSource(cohort, planned.pretrainingId ?? null),
    assertAlive: () => device.assertAlive(),
  });
  const tuned = await consume(run, control, async (event) => {
    if (event.kind === 'point')
      emit({ kind: 'point', id: planned.id, point: event.point, maxSteps: job.training.maxSteps });
    if (event.kind === 'checkpoint') {
      await checkpointStore.set(key, event.checkpoint);
      emit({ kind: 'checkpoint', id: planned.id, step: event.checkpoint.step });
    }
  });
  const result: RunResult = {
    kind: 'run',
    id: planned.id,
    job,
    teacherId: teacher?.id ?? null,
    validationScore: tuned.validationScore,
    validationAuroc: tuned.validationAuroc,
    positiveWeight: tuned.positiveWeight,
    training: { rows: data.trainingRows, logits: tuned.trainingLogits },
    validation: { rows: data.validationRows, logits: tuned.validationLogits },
    test: { rows: data.testRows, logits: tuned.testLogits },
    steps: tuned.steps,
    bestStep: tuned.bestStep,
    history: tuned.history,
    ...(tuned.words && { words: tuned.words }),
    trainingPatients: new Set(data.trainingRows.map((row) => context.rows[row]!.patientId)).size,
    trainingPositives: data.trainingRows.filter((row) => data.labels.get(row) === 1).length,
    durationMs: performance.now() - startedMs,
    adapter: adapterName(device),
    kernels: variantsInForce(),
    finishedAt: new Date().toISOString(),
  };
  await resultStore.set(key, result);
  await checkpointStore.delete(key);
}

/** The run with its candidate, which a later rung takes from the rung before. */
async function resolvedJob(planned: PlannedJob, job: PlannedRun, cohort: Cohort): Promise<RunJob> {
  const runs = await runResults(planned.promotion?.rungIds ?? [], cohort);
  const rung = new Map(runs.map((run) => [run.id, run]));
  return resolveRun({ ...planned, job }, (id) => rung.get(id));
}

async function runResults(ids: readonly string[], cohort: Cohort): Promise<readonly RunResult[]> {
  const results = await resultStore.getMany(ids.map((id) => jobKey(cohort.fingerprint, id)));
  return results.filter((result) => result?.kind === 'run');
}

async function chosenTeacher(planned: PlannedJob, cohort: Cohort): Promise<RunResult | null> {
  if (planned.teacherIds.length === 0) return null;
  const runs = await runResults(planned.teacherIds, cohort);
  if (runs.length < planned.teacherIds.length) throw new Error('A teacher of this run has no result yet.');
  return bestOnValidation(runs);
}

/**
 * What a run sees of the cohort.
 * @param features of all films, row-major, as they were stored; null for full fine-tuning.
 * @param teacher with its logits for the training rows; null when nobody teaches.
 */
export async function runData(
  job: RunJob,
  features: Float32Array | null,
  teacher: Pick<RunResult, 'training'> | null,
  context: JobContext,
): Promise<FineTuningData> {
  const { cohort, rows, films } = context;
  const labelIndex = cohort.labelNames.indexOf(job.label);
  const training = indices(trainingPatients(rows, labelIndex, job.trainingSize, job.seed));
  const validation = indices(observedRows(rows, labelIndex, 'validation'));
  const test = indices(observedRows(rows, labelIndex, 'test'));
  const labels = new Map(
    [...training, ...validation, ...test].map((row) => [row, rows[row]!.labels[labelIndex] as 0 | 1]),
  );
  const textEntry = readsReports(job.method) ? await ownTextEntry(job.textEncoder, context) : null;
  return {
    trainingRows: training,
    validationRows: validation,
    testRows: test,
    labels,
    reports: job.permutedReports ? permuteReports(rows, training, job.seed) : rows.map((row) => row.report),
    ...(textEntry && { textEntry }),
    fitText: context.fitText,
    films,
    features: features && standardised(features, training, rows.length),
    teacherLogits: teacher && logitsOfTeacher(teacher, positiveWeight({ trainingRows: training, labels })),
  };
}

function indices(rows: readonly CohortRow[]): number[] {
  return rows.map(({ index }) => index);
}

/** Features standardised by mean and standard deviation of the training rows only. */
function standardised(values: Float32Array, training: readonly number[], rowCount: number): FeatureMatrix {
  const dimensions = values.length / rowCount;
  return {
    dimensions,
    values: normaliseFeatures(values, fitFeatureNormalisation(values, dimensions, training)),
  };
}

/** The teacher's logits on the scale of the student's loss: from the cohort's prevalence to the student's weight of positives. */
function logitsOfTeacher(
  { training }: Pick<RunResult, 'training'>,
  weight: number,
): ReadonlyMap<number, number> {
  return new Map(training.rows.map((row, i) => [row, training.logits[i]! + Math.log(weight)]));
}
