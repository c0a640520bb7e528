/**
 * Runs what has no result yet, in the order of the plan.
 *
 * When a job fails, only the jobs that need it fail too. A lost device or a full storage ends the whole run, because every later job would
 * fail in the same way.
 */
import { errorName, errorSentence } from '../errors.ts';
import { needsOf, type PlannedJob } from './job.ts';

/** What the queue needs from its caller, who has the device and the database. */
export interface QueueHost {
  /** Ids among the given ones that have a result. */
  finished(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Computes and stores one job's result. Everything that it needs has a result. @throws StoppedError when asked to stop. */
  execute(job: PlannedJob): Promise<void>;
  onStarted(job: PlannedJob): void;
  onFinished(job: PlannedJob, done: number): void;
  onFailed(job: PlannedJob, sentence: string): void;
}

/** How a study's run ended. A stopped or failed study is never shown as finished. */
export interface StudyOutcome {
  readonly kind: 'finished' | 'stopped' | 'failed';
  readonly done: number;
  readonly planned: number;
  readonly failures: readonly { readonly id: string; readonly sentence: string }[];
}

/** Errors after which no later job can succeed in this worker. */
const fatal = new Set(['DeviceLostError', 'NoDeviceError', 'StorageFullError']);

/** Runs a plan to its end. @throws DeviceLostError, NoDeviceError, StorageFullError: nothing after them could succeed here. */
export async function runQueue(plan: readonly PlannedJob[], host: QueueHost): Promise<StudyOutcome> {
  const done = new Set(await host.finished(plan.map((job) => job.id)));
  const failures: { id: string; sentence: string }[] = [];
  const failed = new Set<string>();
  const outcome = (kind: StudyOutcome['kind']): StudyOutcome => ({
    kind,
    done: done.size,
    planned: plan.length,
    failures,
  });
  const fail = (job: PlannedJob, sentence: string): void => {
    failed.add(job.id);
    failures.push({ id: job.id, sentence });
    host.onFailed(job, sentence);
  };
  for (const job of plan) {
    if (done.has(job.id)) continue;
    const missing = needsOf(job).filter((id) => failed.has(id));
    if (missing.length > 0) {
      fail(job, `Not run, because ${missing.length} of the jobs that it needs failed.`);
      continue;
    }
    try {
      host.onStarted(job);
      await host.execute(job);
      done.add(job.id);
      host.onFinished(job, done.size);
    } catch (error) {
      if (errorName(error) === 'StoppedError') return outcome('stopped');
      if (fatal.has(errorName(error))) throw error;
      fail(job, errorSentence(error));
    }
  }
  return outcome(failures.length > 0 ? 'failed' : 'finished');
}
