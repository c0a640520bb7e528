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
import { TimeByKind } from '../src/progress/time-by-kind.ts';
import type { StudyConfig } from '../src/study/config.ts';
import type { ImportAnswers } from '../src/models/imported/import-question.ts';
import { RunControl } from '../src/study/control.ts';
import type { PlannedJob } from '../src/study/job.ts';
import { planStudy, type CohortOfStudy } from '../src/study/plan.ts';
import { fitToCohort } from '../src/study/fit.ts';
import { studyProblems } from '../src/study/problems.ts';
import { runQueue, type QueueHost } from '../src/study/queue.ts';
import type { Calibration } from '../src/study/speed.ts';
import { workUnits } from '../src/study/work-kind.ts';
import { startWebgpu, type Device } from '../src/tensors/backend.ts';
import { fitRemembering } from '../src/training/fitted-texts.ts';
import { methods } from '../src/training/methods/registry.ts';
import type { IntensityScaling } from '../src/transforms/prepare.ts';
import { calibrate } from './calibration.ts';
import { whileInUse } from './cohort-lock.ts';
import type {
  Catalogue,
  CatalogueEntry,
  ImportReply,
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
import { finishedIds } from './finished-jobs.ts';
import { adapterName, type JobContext } from './job-context.ts';
import { executeJob } from './run-job.ts';
import { forgetResult, weighResult } from './result-keeper.ts';
import { resultStore, speedStore, studyStore } from './stores.ts';
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

/** The study as it runs on a cohort, with its plan. @throws InputError naming what does not fit. */
async function planFor(
  open: OpenCohort,
  asked: StudyConfig,
): Promise<{ config: StudyConfig; plan: readonly PlannedJob[] }> {
  const config = fitToCohort(asked, open.cohort, open.rows, { preset: false, smoke: false });
  const problems = studyProblems(config, open.cohort, open.rows);
  if (problems.length > 0) throw new InputError(problems.join(' '));
  await assertEncodersStored([...config.imageEncoders, config.textEncoder]);
  assertRecipes(config.pretrainings);
  return { config, plan: await planStudy(config, studiedCohort(open)) };
}

async function createStudy(cohortId: string, asked: StudyConfig): Promise<StudyRecord> {
  const open = await openCohort(cohortId);
  const { cohort } = open;
  const { config, plan } = await planFor(open, asked);
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

function run(studyId: string, onEvent: (event: StudyEvent) => void): Promise<StudyOutcome> {
  return alone(new RunControl((state) => onEvent({ kind: state })), async (ofThisRun) => {
    const study = await openStudy(studyId);
    return whileInUse(study.cohortFingerprint, () => runStudy(study, ofThisRun, onEvent));
  });
}

/** One piece of work at a time has the device. @throws InputError while another has it. */
async function alone<T>(ofThis: RunControl, work: (control: RunControl) => Promise<T>): Promise<T> {
  if (control)
    throw new InputError(
      'A study is running already, or being measured, or a model is being checked; wait for its end, or stop it first.',
    );
  control = ofThis;
  try {
    return await work(ofThis);
  } finally {
    control = undefined;
  }
}

async function measure(
  cohortId: string,
  config: StudyConfig,
  onProgress: (progress: Progress) => void,
): Promise<Calibration> {
  return alone(new RunControl(), async (ofThis) => {
    const open = await openCohort(cohortId);
    const { plan } = await planFor(open, config);
    const { fingerprint: cohort } = open.cohort;
    return whileInUse(cohort, async () => {
      const done = await finishedIds(open.cohort, plan);
      const context = { ...(await jobContext(open, ofThis, () => {})), report: () => {} };
      return unlessLost(
        context.device.lost,
        calibrate(
          plan.filter(({ id }) => !done.has(id)),
          context,
          onProgress,
        ),
      );
    });
  });
}

async function runStudy(
  study: StudyRecord,
  control: RunControl,
  emit: (event: StudyEvent) => void,
): Promise<StudyOutcome> {
  const open = await openCohort(study.cohortId);
  const context = await jobContext(open, control, emit);
  const host = queueHost(study, open, control, emit);
  return unlessLost(
    context.device.lost,
    runQueue(study.plan, { ...host, execute: (job) => executeJob(job, context) }),
  );
}

async function jobContext(
  open: OpenCohort,
  control: RunControl,
  emit: (event: StudyEvent) => void,
): Promise<Omit<JobContext, 'report'>> {
  const started = await device();
  return {
    ...open,
    films: await openFilms(open),
    features: new FeatureCache(),
    fitText: fitRemembering(),
    textEntries: new Map<string, TextEncoderEntry>(),
    device: started,
    control,
    emit,
  };
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
  { cohort, rows }: OpenCohort,
  control: RunControl,
  emit: (event: StudyEvent) => void,
): Omit<QueueHost, 'execute'> {
  const total = study.plan.length;
  let time: TimeByKind | undefined;
  // A pause is nobody's pace.
  const now = (): number => performance.now() - control.pausedMs;
  const tell = (done: number): void => {
    const progress: Progress = { phase: 'Training', done, total, remainingMs: time?.range() ?? null };
    emit({ kind: 'progress', progress });
  };
  return {
    finished: async () => {
      const done = await finishedIds(cohort, study.plan);
      const size = { films: rows.length, side: cohort.side };
      const left = study.plan.filter(({ id }) => !done.has(id));
      time = new TimeByKind(workUnits(left, size), now());
      tell(done.size);
      return done;
    },
    onStarted: () => {},
    onFinished: (job, done) => {
      time?.finished(job.id, now());
      emit({ kind: 'jobFinished', id: job.id });
      tell(done);
    },
    onFailed: (job, sentence) => {
      time?.dropped(job.id, now());
      emit({ kind: 'jobFailed', id: job.id, sentence });
    },
  };
}

async function importEncoder(
  name: string,
  files: readonly File[],
  scaling: IntensityScaling | null,
  answers: ImportAnswers,
): Promise<ImportReply> {
  return alone(new RunControl(), async () => {
    await device();
    return keepEncoder(name, files, scaling, answers);
  });
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
  calibrate: measure,
  calibration: async () => (await speedStore.get(`speed/${adapterName(await device())}`)) ?? null,
  finished: async (cohortId, plan) => [...(await finishedIds((await openCohort(cohortId)).cohort, plan))],
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
