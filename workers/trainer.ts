/**
 * The training worker: joins device, stores, plan and training behind TrainerApi.
 */
import * as Comlink from 'comlink';
import { DeviceLostError, InputError } from '../src/errors.ts';
import { fingerprint } from '../src/identity/fingerprint.ts';
import { registerKernels } from '../src/kernels/registry.ts';
import { imageEncoders } from '../src/models/encoders/registry.ts';
import type { TextEncoderEntry } from '../src/models/encoder.ts';
import { textEncoders } from '../src/models/text/registry.ts';
import { assertRecipes } from '../src/pretraining/check-recipes.ts';
import { objectives } from '../src/pretraining/registry.ts';
import { RemainingTime } from '../src/progress/remaining-time.ts';
import type { StudyConfig } from '../src/study/config.ts';
import { RunControl } from '../src/study/control.ts';
import type { PlannedJob } from '../src/study/job.ts';
import { planStudy, type CohortOfStudy } from '../src/study/plan.ts';
import { fitToCohort } from '../src/study/fit.ts';
import { studyProblems } from '../src/study/problems.ts';
import { runQueue, type QueueHost } from '../src/study/queue.ts';
import { startWebgpu, type Device } from '../src/tensors/backend.ts';
import { methods } from '../src/training/methods/registry.ts';
import type { IntensityScaling } from '../src/transforms/prepare.ts';
import { whileInUse } from './cohort-lock.ts';
import type {
  Catalogue,
  CatalogueEntry,
  Progress,
  StudyEvent,
  StudyOutcome,
  StudyRecord,
  TrainerApi,
} from './contract.ts';
import { FeatureCache } from './feature-cache.ts';
import { assertEncodersStored, forgetEncoder, importedEntries, keepEncoder } from './imported-encoders.ts';
import { openCohort, openFilms, type OpenCohort } from './open-cohort.ts';
import { openStudy } from './open-study.ts';
import { chooseKernels } from './kernel-choice.ts';
import { reportRejections } from './report-rejections.ts';
import { jobKey } from './job-context.ts';
import { executeJob } from './run-job.ts';
import { featureStore, resultStore, studyStore, weightStore } from './stores.ts';
import { forgetResult, weighResult } from './result-keeper.ts';
import { forgetStudy, weighStudy } from './study-keeper.ts';

let control: RunControl | undefined;

async function device(): Promise<Device> {
  const started = await startWebgpu();
  registerKernels();
  await chooseKernels(started.info);
  return started;
}

function studiedCohort({ cohort, rows }: OpenCohort): CohortOfStudy {
  return { fingerprint: cohort.fingerprint, labelNames: cohort.labelNames, rows };
}

async function createStudy(cohortId: string, asked: StudyConfig): Promise<StudyRecord> {
  const open = await openCohort(cohortId);
  const cohort = studiedCohort(open);
  const config = fitToCohort(asked, open.cohort, open.rows, { preset: false, smoke: false });
  const problems = studyProblems(config, open.cohort, open.rows);
  if (problems.length > 0) throw new InputError(problems.join(' '));
  await assertEncodersStored([...config.imageEncoders, config.textEncoder]);
  assertRecipes(config.pretrainings);
  const plan = await planStudy(config, cohort);
  const id = await fingerprint({ config, cohort: cohort.fingerprint });
  const known = await studyStore.get(id);
  const record: StudyRecord = {
    id,
    cohortId,
    cohortFingerprint: cohort.fingerprint,
    config,
    plan,
    createdAt: known?.createdAt ?? new Date().toISOString(),
  };
  await studyStore.set(id, record);
  return record;
}

async function run(studyId: string, onEvent: (event: StudyEvent) => void): Promise<StudyOutcome> {
  if (control) throw new InputError('A study is running already; pause or stop it first.');
  const ofThisRun = new RunControl((state) => onEvent({ kind: state }));
  control = ofThisRun;
  try {
    const study = await openStudy(studyId);
    return await whileInUse(study.cohortFingerprint, () => runStudy(study, ofThisRun, onEvent));
  } finally {
    control = undefined;
  }
}

async function runStudy(
  study: StudyRecord,
  control: RunControl,
  emit: (event: StudyEvent) => void,
): Promise<StudyOutcome> {
  const open = await openCohort(study.cohortId);
  const started = await device();
  const context = {
    ...open,
    films: await openFilms(open),
    features: new FeatureCache(),
    textEntries: new Map<string, TextEncoderEntry>(),
    device: started,
    control,
    emit,
  };
  const host = queueHost(study, open, emit);
  return unlessLost(
    started.lost,
    runQueue(study.plan, { ...host, execute: (job) => executeJob(job, context) }),
  );
}

/**
 * A lost device leaves promises of the GPU pending for ever, so the loss itself must end the work. What waits for the loss lives as long
 * as the device; it stands here by itself, so that it does not hold the films of every study that ran.
 */
function unlessLost<T>(lost: Device['lost'], work: Promise<T>): Promise<T> {
  const loss = lost.then((reason): never => {
    throw new DeviceLostError(reason);
  });
  return Promise.race([work, loss]);
}

function queueHost(
  study: StudyRecord,
  { cohort }: OpenCohort,
  emit: (event: StudyEvent) => void,
): Omit<QueueHost, 'execute'> {
  const total = study.plan.length;
  let remaining: RemainingTime | undefined;
  const tell = (done: number): void => {
    const progress: Progress = {
      phase: 'Training',
      done,
      total,
      remainingMs: remaining?.range(total) ?? null,
    };
    emit({ kind: 'progress', progress });
  };
  return {
    finished: async () => {
      const [results, features, weights] = await Promise.all(
        [resultStore, featureStore, weightStore].map(
          async (store) => new Set(await store.keys(cohort.fingerprint)),
        ),
      );
      const kept = { run: results!, features: features!, pretraining: weights! };
      // Features and weights may have been wiped by themselves, and are then computed again.
      const isDone = ({ id, job }: PlannedJob): boolean =>
        [results!, kept[job.kind]].every((keys) => keys.has(jobKey(cohort, id)));
      const done = new Set(study.plan.filter(isDone).map(({ id }) => id));
      remaining = new RemainingTime(performance.now(), done.size);
      tell(done.size);
      return done;
    },
    onStarted: () => {},
    onFinished: (job, done) => {
      remaining?.update(done, performance.now());
      emit({ kind: 'jobFinished', id: job.id });
      tell(done);
    },
    onFailed: (job, sentence) => emit({ kind: 'jobFailed', id: job.id, sentence }),
  };
}

async function importEncoder(
  name: string,
  files: readonly File[],
  scaling: IntensityScaling,
): Promise<CatalogueEntry> {
  if (control)
    throw new InputError('A study is running; wait for its end, or stop it, before adding a model.');
  await device();
  return keepEncoder(name, files, scaling);
}

async function catalogue(): Promise<Catalogue> {
  const encoders = (registry: Readonly<Record<string, CatalogueEntry>>): CatalogueEntry[] =>
    Object.values(registry).map(({ name, label, paper, fields }) => ({ name, label, paper, fields }));
  return {
    imageEncoders: [...encoders(imageEncoders), ...(await importedEntries('films'))],
    textEncoders: [...encoders(textEncoders), ...(await importedEntries('reports'))],
    methods: Object.entries(methods).map(([name, { label, paper }]) => ({ name, label, paper, fields: [] })),
    objectives: Object.values(objectives).map(({ name, label, paper, fields, uses, needs }) => {
      return { name, label, paper, fields, uses, needs };
    }),
  };
}

const api: TrainerApi = {
  adapter: async () => (await device()).info,
  catalogue,
  importEncoder,
  deleteEncoder: forgetEncoder,
  createStudy,
  studies: () => studyStore.values(),
  deleteStudy: forgetStudy,
  weighStudy,
  weighResult,
  deleteResult: forgetResult,
  results: async (studyId) => {
    const { plan, cohortFingerprint } = await openStudy(studyId);
    const results = await resultStore.getMany(plan.map(({ id }) => `${cohortFingerprint}/${id}`));
    return results.filter((result) => result !== undefined);
  },
  run,
  pause: () => Promise.resolve(control?.pause()),
  resume: () => Promise.resolve(control?.resume()),
  stop: () => Promise.resolve(control?.stop()),
};

reportRejections();
Comlink.expose(api);
