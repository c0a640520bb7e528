/**
 * Executes a pre-training of a plan, and hands its weights to the jobs that start from them.
 */
import type { Cohort, CohortRow } from '../cohort/cohort.ts';
import { usableLabels } from '../cohort/labels.ts';
import { permuteReports } from '../cohort/permuted-reports.ts';
import { variantsInForce } from '../kernels/tuning/variants.ts';
import type { PretrainingData, ProbedLabel } from '../pretraining/data.ts';
import { loopSettings, pretrain } from '../pretraining/pretrain.ts';
import type { PretrainingJob } from '../study/job.ts';
import { usesReports } from '../study/recipes.ts';
import type { BuildImageEncoder } from '../training/encoder-source.ts';
import { writeWeights } from '../training/weights.ts';
import { buildImageEncoder } from './imported-encoders.ts';
import { adapterName, checkpointEverySteps, consume, type JobContext } from './job-context.ts';
import { jobKey } from '../records/job-key.ts';
import { ownTextEntry } from './report-embeddings.ts';
import { checkpointStore, resultStore, weightStore } from '../records/stores.ts';

/** Computes and stores the weights of a pre-training and what was seen of it. */
export async function executePretraining(
  id: string,
  job: PretrainingJob,
  context: JobContext,
): Promise<void> {
  const { cohort, rows, device, control, emit } = context;
  const key = jobKey(cohort.fingerprint, id);
  const checkpoint = await checkpointStore.get(key);
  const firstStep = checkpoint?.step ?? 0;
  emit({ kind: 'jobStarted', id, fromStep: firstStep });
  const data = await pretrainingData(job, context);
  const startedMs = performance.now();
  const run = pretrain(job, data, {
    ...(checkpoint ? { resumeFrom: checkpoint } : {}),
    checkpointEverySteps,
    buildImageEncoder,
    assertAlive: () => device.assertAlive(),
  });
  const { maxSteps } = loopSettings(job, data.trainingRows.length);
  const { weights, trainingRows, ...trained } = await consume(run, control, async (event) => {
    if (event.kind === 'point') emit({ kind: 'point', id, point: event.point, maxSteps });
    if (event.kind === 'checkpoint') {
      await checkpointStore.set(key, event.checkpoint);
      emit({ kind: 'checkpoint', id, step: event.checkpoint.step });
    }
  });
  const durationMs = performance.now() - startedMs;
  const share = (trained.steps - firstStep) / trained.steps;
  await weightStore.set(key, weights);
  await resultStore.set(key, {
    kind: 'pretraining',
    id,
    job,
    ...trained,
    weights: Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, values.length])),
    imagesPerSecond: (1000 * share * trained.imagesSeen) / durationMs,
    trainingFilms: trainingRows.length,
    trainingPatients: new Set(trainingRows.map((row) => rows[row]!.patientId)).size,
    durationMs,
    adapter: adapterName(device),
    kernels: variantsInForce(),
    finishedAt: new Date().toISOString(),
  });
  await checkpointStore.delete(key);
}

/**
 * Where a job gets its encoders from: with the weights of a pre-training where it has one.
 * @throws Error when the weights are gone.
 */
export async function encoderSource(
  cohort: Cohort,
  pretrainingId: string | null,
): Promise<BuildImageEncoder> {
  if (pretrainingId === null) return buildImageEncoder;
  const weights = await weightStore.get(jobKey(cohort.fingerprint, pretrainingId));
  if (!weights) {
    throw new Error(
      'Weights of a pre-training that was finished are gone from the database. Start the study again: they are computed anew.',
    );
  }
  return async (choice, side, random) => {
    const encoder = await buildImageEncoder(choice, side, random);
    try {
      writeWeights([...encoder.variables, ...(encoder.buffers ?? [])], weights);
      return encoder;
    } catch (error) {
      encoder.dispose();
      throw error;
    }
  };
}

/** What a pre-training sees of the cohort: training and validation films, their reports, and labels to probe. */
export async function pretrainingData(job: PretrainingJob, context: JobContext): Promise<PretrainingData> {
  const { cohort, rows, films } = context;
  const textEntry = usesReports(job.recipe) ? await ownTextEntry(job.textEncoder, context) : null;
  const onSide = (side: CohortRow['split']): number[] =>
    rows.filter(({ split }) => split === side).map(({ index }) => index);
  const trainingRows = onSide('train');
  return {
    trainingRows,
    validationRows: onSide('validation'),
    reports: job.recipe.permutedReports
      ? permuteReports(rows, trainingRows, job.seed)
      : rows.map(({ report }) => report),
    patients: rows.map(({ patientId }) => patientId),
    films,
    probedLabels: probedLabels(cohort, rows),
    ...(textEntry && { textEntry }),
  };
}

/** Every usable label, with what is known of it on training and validation films; test films are not looked at. */
function probedLabels(cohort: Cohort, rows: readonly CohortRow[]): ProbedLabel[] {
  return usableLabels(rows, cohort.labelNames).map((name) => {
    const index = cohort.labelNames.indexOf(name);
    const known = rows.flatMap((row): [number, 0 | 1][] => {
      const value = row.split === 'test' ? null : row.labels[index];
      return value === null || value === undefined ? [] : [[row.index, value]];
    });
    return { name, values: new Map(known) };
  });
}
