/**
 * Measures how fast this machine works: a few steps of one job of each kind, with the code that a study runs; only times are stored.
 */
import { importedIdOf } from '../identity/imported-encoder.ts';
import { Random } from '../random/random.ts';
import { pretrain } from '../pretraining/pretrain.ts';
import type { FeaturesJob, PlannedJob, PlannedRun, PretrainingJob, RunJob } from '../study/job.ts';
import { speedOf, withSpeeds, type MeasuredSpeeds, type Speed } from '../study/cost/speed.ts';
import {
  inOrderOfCost,
  kindsOf,
  readsByOwnText,
  workKind,
  type KindInPlan,
} from '../study/cost/work-kind.ts';
import { extractFeatures, featureBatch } from '../training/features.ts';
import { methodInputs } from '../training/methods/inputs.ts';
import { fineTune } from '../training/fine-tune.ts';
import type { Progress } from '../progress/progress.ts';
import { buildImageEncoder } from './imported-encoders.ts';
import { adapterName, consume, type JobContext } from './job-context.ts';
import { jobKey } from '../records/job-key.ts';
import { LoopTimes } from './loop-times.ts';
import { pretrainingData } from './pretraining-job.ts';
import { runData } from './run-job.ts';
import { featureStore, reportEmbeddingsKey, speedStore } from '../records/stores.ts';

/** No further kind is started after this time, unless nothing of its family was measured; the whole takes about a minute. */
const budgetMs = 60_000;
/** Steps between two validations: steps of a probe are so short that many are needed to measure one. */
const stepsPerValidation = { linearProbe: 20, full: 3, pretraining: 3 } as const;
/** Films of one validation at most. */
const mostValidationFilms = 256;
/** Batches by which a feature pass is timed, as `extractFeatures` cuts them, and how many of them are warm-up. */
const featureBatches = { all: 6, before: 2 } as const;

type Times = Omit<Speed, 'kind' | 'measuredAt' | 'firstSetupMs'>;

/**
 * Measures one job of each kind in a plan, in the order of what they will cost, until a minute has passed; keeps and returns what is known
 * of this adapter. The measured jobs do not get labels of test patients.
 * @param plan jobs without a result.
 * @throws StoppedError when the person stopped it; what was measured before is kept.
 */
export async function measureSpeeds(
  plan: readonly PlannedJob[],
  context: JobContext,
  onProgress: (progress: Progress) => void,
): Promise<MeasuredSpeeds> {
  const { device, rows, cohort } = context;
  const key = `speed/${adapterName(device)}`;
  const blind = { ...context, rows: withoutTestLabels(rows) };
  const kinds = inOrderOfCost(kindsOf(plan, { films: rows.length, side: cohort.side }));
  const known = (await speedStore.get(key)) ?? { adapter: adapterName(device), keepMs: 0, speeds: [] };
  let measuredSpeeds: MeasuredSpeeds = { ...known, keepMs: await timeToKeep(rows.length) };
  await speedStore.set(key, measuredSpeeds);
  const beganMs = performance.now();
  for (const [place, found] of kinds.entries()) {
    const phase = `Measuring ${found.kind.words}`;
    onProgress({ phase, done: place, total: kinds.length, remainingMs: null });
    const spent =
      performance.now() - beganMs > budgetMs && speedOf(found.kind, measuredSpeeds.speeds) !== null;
    if (spent || !(await canBeMeasured(found, context))) continue;
    const speed = await speedOfKind(found, measuredSpeeds.speeds, blind);
    measuredSpeeds = { ...measuredSpeeds, speeds: withSpeeds(measuredSpeeds.speeds, [speed]) };
    await speedStore.set(key, measuredSpeeds);
  }
  onProgress({ phase: 'Measured', done: kinds.length, total: kinds.length, remainingMs: null });
  return measuredSpeeds;
}

/** With the person's own text encoder, all reports that it has not embedded yet would be embedded before the first step. */
async function canBeMeasured({ jobs }: KindInPlan, { cohort }: JobContext): Promise<boolean> {
  const { job } = jobs[0]!;
  if (job.kind === 'features' || !readsByOwnText({ job })) return true;
  const id = importedIdOf(job.textEncoder.name)!;
  return (await featureStore.get(reportEmbeddingsKey(cohort.fingerprint, id))) !== undefined;
}

function withoutTestLabels(rows: JobContext['rows']): JobContext['rows'] {
  return rows.map((row) => (row.split === 'test' ? { ...row, labels: row.labels.map(() => null) } : row));
}

/** Time to store and forget what is about as large as a run's result, once the database is open. */
async function timeToKeep(rowCount: number): Promise<number> {
  const key = 'speed/scratch';
  const scratch = {
    adapter: '',
    keepMs: 0,
    speeds: [],
    rows: Array.from({ length: 2 * rowCount }, Math.sqrt),
  };
  try {
    await speedStore.set(key, scratch);
    const startMs = performance.now();
    await speedStore.set(key, scratch);
    return performance.now() - startMs;
  } finally {
    await speedStore.delete(key);
  }
}

async function speedOfKind(
  { kind, jobs }: KindInPlan,
  speeds: readonly Speed[],
  context: JobContext,
): Promise<Speed> {
  // The last job of a kind has the most training patients: its batches are whole.
  const measure = (): Promise<Times> => measureJob(jobs.at(-1)!, speeds, context);
  const first = await measure();
  // Compiling shaders may take a hundred times as long as what later jobs, which find them compiled, do before their first step.
  const again = await measure();
  // Other work on the machine can only slow this down, so the faster of the two measurements is closer to the truth.
  const { unitMs, validationMs } =
    first.unitMs + first.validationMs < again.unitMs + again.validationMs ? first : again;
  return {
    ...again,
    unitMs,
    validationMs,
    kind,
    firstSetupMs: first.setupMs,
    measuredAt: new Date().toISOString(),
  };
}

function measureJob(planned: PlannedJob, speeds: readonly Speed[], context: JobContext): Promise<Times> {
  context.device.assertAlive();
  const { job } = planned;
  switch (job.kind) {
    case 'features':
      return measureFeatures(job, context);
    case 'pretraining':
      return measurePretraining(job, context);
    case 'run':
      return measureRun(planned, withCandidate(job), speeds, context);
    default:
      return job satisfies never;
  }
}

/** A pass over some batches; a cohort with fewer films is read over and over. */
async function measureFeatures(job: FeaturesJob, context: JobContext): Promise<Times> {
  const { films, rows, device, control } = context;
  const startMs = performance.now();
  const times: number[] = [];
  const around = {
    ...films,
    read: (wanted: readonly number[]) => films.read(wanted.map((row) => row % rows.length)),
  };
  const { dimensions } = await consume(
    extractFeatures(
      job.encoder,
      job.imageSide,
      job.seed,
      around,
      featureBatch * featureBatches.all,
      () => device.assertAlive(),
      buildImageEncoder,
    ),
    control,
    () => {
      times.push(performance.now() - startMs);
    },
  );
  const steady = featureBatches.all - featureBatches.before;
  const batchMs = Math.max(0, times.at(-1)! - times[featureBatches.before - 1]!) / steady;
  return {
    ...nothing,
    setupMs: Math.max(0, times.at(-1)! - featureBatches.all * batchMs),
    unitMs: batchMs / featureBatch,
    keptBytes: Float32Array.BYTES_PER_ELEMENT * dimensions,
  };
}

const nothing = {
  validationMs: 0,
  validationFilms: 0,
  endMs: 0,
  checkpointMs: 0,
  checkpointBytes: 0,
  keptBytes: 0,
};

async function measurePretraining(job: PretrainingJob, context: JobContext): Promise<Times> {
  const times = new LoopTimes(stepsPerValidation.pretraining);
  const data = await pretrainingData(job, context);
  const batch = Math.min(job.settings.batchSize, data.trainingRows.length);
  const settings = {
    ...job.settings,
    imagesSeen: times.steps * batch,
    validateEveryImages: times.stepsPerValidation * batch,
  };
  const run = pretrain({ ...job, settings }, data, {
    checkpointEverySteps: times.stepsPerValidation,
    buildImageEncoder,
    assertAlive: () => context.device.assertAlive(),
  });
  const { weights } = await consume(run, context.control, (event) => times.take(event));
  times.end();
  return {
    ...times.timings(),
    validationFilms: data.validationRows.length,
    endMs: times.sinceLastMs,
    keptBytes: Object.values(weights).reduce((sum, values) => sum + values.byteLength, 0),
  };
}

/** The run with some candidate in place of the one that an earlier rung has yet to choose; the candidate does not change the speed. */
function withCandidate(job: PlannedRun): RunJob {
  const { weightDecay } = job.training;
  if (weightDecay !== null) return { ...job, training: { ...job.training, weightDecay } };
  const taught = methodInputs[job.method].distils ? { lambda: 0.5, temperature: 1 } : {};
  return { ...job, ...taught, training: { ...job.training, weightDecay: 0 } };
}

async function measureRun(
  planned: PlannedJob,
  job: RunJob,
  speeds: readonly Speed[],
  context: JobContext,
): Promise<Times> {
  const features = planned.featuresId === null ? null : await standInFeatures(planned, job, speeds, context);
  const teacher = planned.teacherIds.length === 0 ? null : standInTeacher(context.rows.length);
  const times = new LoopTimes(stepsPerValidation[job.tuning]);
  const all = await runData(job, features, teacher, context);
  const stride = Math.ceil(all.validationRows.length / mostValidationFilms);
  const data = { ...all, validationRows: all.validationRows.filter((_, i) => i % stride === 0) };
  const training = {
    ...job.training,
    maxSteps: times.steps,
    validateEverySteps: times.stepsPerValidation,
    warmupSteps: Math.min(job.training.warmupSteps, times.steps),
    patience: 0,
  };
  // The weights of a pre-training, which this run may need, do not exist yet and would not change its speed.
  const run = fineTune({ ...job, training }, data, {
    checkpointEverySteps: times.stepsPerValidation,
    buildImageEncoder,
    assertAlive: () => context.device.assertAlive(),
  });
  for await (const event of run) {
    times.take(event);
    // Only the predictions of the training films remain; the validations have shown their speed.
    if (event.kind === 'end') break;
    await context.control.turn();
  }
  return { ...times.timings(), validationFilms: data.validationRows.length, endMs: 0, keptBytes: 0 };
}

/** Numbers as wide as the features that the run would read; their values do not change its speed. */
async function standInFeatures(
  planned: PlannedJob,
  job: RunJob,
  speeds: readonly Speed[],
  { cohort, rows }: JobContext,
): Promise<Float32Array> {
  const kept = await featureStore.get(jobKey(cohort.fingerprint, planned.featuresId!));
  if (kept) return kept;
  const size = { films: rows.length, side: cohort.side };
  const { imageEncoder: encoder, imageSide, pretraining, seed } = job;
  const features: FeaturesJob = { kind: 'features', encoder, imageSide, pretraining, seed };
  // Where there was no time to measure this encoder's pass, the width of another encoder is used.
  const pass = speedOf(workKind({ job: features }, size), speeds)?.speed;
  if (!pass)
    throw new Error(
      `The features of ${encoder.label ?? encoder.name} were neither computed nor measured before.`,
    );
  const random = new Random('stand-in features');
  const count = (rows.length * pass.keptBytes) / Float32Array.BYTES_PER_ELEMENT;
  return Float32Array.from({ length: count }, () => random.normal(0, 1));
}

/** A stand-in teacher whose logits are all 0, for every film. */
function standInTeacher(rowCount: number): { training: { rows: number[]; logits: number[] } } {
  const rows = Array.from({ length: rowCount }, (_, row) => row);
  return { training: { rows, logits: rows.map(() => 0) } };
}
