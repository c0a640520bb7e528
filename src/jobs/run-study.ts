/**
 * Runs the jobs of a study that have no result yet, or measures how fast they would be.
 */
import { DeviceLostError } from '../errors.ts';
import type { TextEncoderEntry } from '../models/encoder.ts';
import type { Progress } from '../progress/progress.ts';
import { TimeByKind } from '../progress/time-by-kind.ts';
import { whileInUse } from '../records/cohort-lock.ts';
import { finishedIds } from '../records/finished-jobs.ts';
import { openCohort, openImages, type OpenCohort } from '../records/open-cohort.ts';
import { openStudy } from '../records/open-study.ts';
import type { StudyRecord } from '../records/study-record.ts';
import type { StudyConfig } from '../study/config.ts';
import type { RunControl } from '../study/control.ts';
import type { MeasuredSpeeds } from '../study/cost/speed.ts';
import { workUnits } from '../study/cost/work-kind.ts';
import { runQueue, type QueueHost, type StudyOutcome } from '../study/queue.ts';
import type { Device } from '../tensors/backend.ts';
import { fitRemembering } from '../training/fitted-texts.ts';
import { measureSpeeds } from './measure-speeds.ts';
import { FeatureCache } from './feature-cache.ts';
import type { JobContext } from './job-context.ts';
import { planFor } from './plan-study.ts';
import { executeJob } from './run-job.ts';
import type { StudyEvent } from './study-event.ts';

/** Starts the device that jobs run on, or gives the one that runs. @throws NoDeviceError */
export type StartDevice = () => Promise<Device>;

/**
 * Runs what has no result yet; nobody may delete the cohort meanwhile.
 * @param start called once the study and its cohort are known to be there.
 * @throws InputError when the study or its cohort is gone; DeviceLostError.
 */
export async function runStudy(
  studyId: string,
  start: StartDevice,
  control: RunControl,
  emit: (event: StudyEvent) => void,
): Promise<StudyOutcome> {
  const study = await openStudy(studyId);
  return whileInUse(study.cohortFingerprint, async () => {
    const open = await openCohort(study.cohortId);
    const context = await jobContext(open, start, control, emit);
    const host = queueHost(study, open, control, emit);
    return unlessLost(
      context.device.lost,
      runQueue(study.plan, { ...host, execute: (job) => executeJob(job, context) }),
    );
  });
}

/**
 * Measures the kinds of work of a study on its cohort; see `measureSpeeds`.
 * @throws InputError when the study does not fit the cohort; StoppedError; DeviceLostError.
 */
export async function measureStudySpeeds(
  cohortId: string,
  config: StudyConfig,
  start: StartDevice,
  control: RunControl,
  onProgress: (progress: Progress) => void,
): Promise<MeasuredSpeeds> {
  const open = await openCohort(cohortId);
  const { plan } = await planFor(open, config);
  return whileInUse(open.cohort.fingerprint, async () => {
    const done = await finishedIds(open.cohort, plan);
    const context = { ...(await jobContext(open, start, control, () => {})), report: () => {} };
    const left = plan.filter(({ id }) => !done.has(id));
    return unlessLost(context.device.lost, measureSpeeds(left, context, onProgress));
  });
}

async function jobContext(
  open: OpenCohort,
  start: StartDevice,
  control: RunControl,
  emit: (event: StudyEvent) => void,
): Promise<Omit<JobContext, 'report'>> {
  const device = await start();
  return {
    ...open,
    films: await openImages(open),
    features: new FeatureCache(),
    fitText: fitRemembering(),
    textEntries: new Map<string, TextEncoderEntry>(),
    device,
    control,
    emit,
  };
}

/**
 * After a device is lost, its promises stay pending for ever, so the loss itself must end the work. The handler of the loss lives as long
 * as the device; it is a separate function, so that it does not keep the films of every study in memory.
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
  // The time does not include pauses.
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
