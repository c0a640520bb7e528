/**
 * The studies of this machine and the one that runs: started, paused, stopped, and taken up again when the graphics device is lost.
 */
import type { Progress } from '../../progress/progress.ts';
import type { ResultDeletion, StudyDeletion, StudyRecord } from '../../records/study-record.ts';
import type { StudyEvent } from '../../jobs/study-event.ts';
import type { StudyOutcome } from '../../study/queue.ts';
import type { TrainerApi } from '../../../workers/contract.ts';
import { DeviceLostError, errorName, errorSentence, InputError } from '../../errors.ts';
import type { StudyConfig } from '../../study/config.ts';
import type { JobResult, PlannedJob } from '../../study/job.ts';
import type { TrainingPoint } from '../../training/task.ts';
import { counted, formatCount } from '../../figures/number-words.ts';
import type { Services } from '../services.ts';
import { withStep, type Pace } from './pace.ts';
import {
  failedJobs,
  noJobs,
  resultsById,
  runLines,
  withChange,
  withChanges,
  type LiveJob,
  type LiveJobs,
  type RunLine,
} from './run-lines.ts';
import { withRunLock } from './run-lock.ts';
import type { Settings } from './settings.svelte.ts';
import { progressLine, type Status } from './status.svelte.ts';

/** Fresh trainers for one run of a study before the person is asked to restart the browser. */
export const maxRestarts = 2;

const noJob: LiveJob = { state: 'waiting', points: [], maxSteps: 0, sentence: null };

/** Lists, makes, runs and deletes studies. */
export class Studies {
  readonly #services: Services;
  readonly #settings: Settings;
  readonly #status: Status;
  #list = $state.raw<readonly StudyRecord[]>([]);
  #current = $state.raw<StudyRecord | null>(null);
  #results = $state.raw(resultsById([]));
  #live = $state.raw(noJobs);
  #runningId = $state<string | null>(null);
  #runningJob = $state<string | null>(null);
  #jobProgress = $state.raw<Progress | null>(null);
  #restarts = $state(0);
  readonly #lines: readonly RunLine[] = $derived(
    this.#current ? runLines(this.#current.plan, this.#results, this.#live) : [],
  );
  #reading = $state(false);
  readonly #done = $derived(this.#lines.filter(({ state }) => state === 'done').length);
  #stopAsked = false;
  #pauseAsked = false;
  /** Changes that are not shown yet, because events come faster than the screen should be redrawn. */
  #pending: LiveJobs = noJobs;
  #flushTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(services: Services, settings: Settings, status: Status) {
    this.#services = services;
    this.#settings = settings;
    this.#status = status;
  }

  get #trainer(): TrainerApi {
    return this.#services.trainer;
  }

  /** All studies, the newest first. */
  get list(): readonly StudyRecord[] {
    return this.#list;
  }

  get current(): StudyRecord | null {
    return this.#current;
  }

  /** The study that runs now; null when none does. */
  get runningId(): string | null {
    return this.#runningId;
  }

  /** The job that runs now. */
  get runningJob(): string | null {
    return this.#runningJob;
  }

  /** How far the running job is with films or reports that it reads; null while it does not, and when all are read. */
  get jobProgress(): Progress | null {
    return this.#jobProgress;
  }

  /** Times that the trainer was replaced in this run. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Lines of the current study's run table. */
  get lines(): readonly RunLine[] {
    return this.#lines;
  }

  /** Whether the results that are kept of the current study are still being read: until then none counts as done. */
  get reading(): boolean {
    return this.#reading;
  }

  /** Jobs of the current study with a result. */
  get done(): number {
    return this.#done;
  }

  /** True when every job of the current study has a result: only then are test patients looked at. */
  get finished(): boolean {
    return this.#current !== null && this.#done === this.#current.plan.length;
  }

  /** Failed jobs of the current study with their sentences. */
  get failures(): readonly { readonly id: string; readonly sentence: string }[] {
    return [...this.#live]
      .filter(([id, job]) => job.state === 'failed' && !this.#results.has(id))
      .map(([id, job]) => ({ id, sentence: job.sentence ?? 'No reason was given.' }));
  }

  /** The training curve of a job, live or kept. */
  points(id: string): readonly TrainingPoint[] {
    const result = this.#results.get(id);
    return result && result.kind !== 'features' ? result.history : (this.#live.get(id)?.points ?? []);
  }

  /** A job of the current study. */
  planned(id: string): PlannedJob | undefined {
    return this.#current?.plan.find((planned) => planned.id === id);
  }

  /** What a job left, once it is known here. */
  result(id: string): JobResult | undefined {
    return this.#results.get(id);
  }

  /** How fast a job goes; null while that is not known. */
  pace(id: string): Pace | null {
    return this.#live.get(id)?.pace ?? null;
  }

  /** Reads the studies; keeps the current one, or takes the one used last. */
  async refresh(): Promise<void> {
    const list = await this.#trainer.studies();
    this.#list = [...list].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
    const wanted = this.#current?.id ?? (await this.#settings.recall('study'));
    const next = this.#list.find(({ id }) => id === wanted) ?? this.#list[0] ?? null;
    if (next?.id !== this.#current?.id) await this.#show(next);
  }

  async choose(id: string): Promise<void> {
    await this.#show(this.#list.find((study) => study.id === id) ?? null);
    await this.#settings.keep('study', id);
  }

  async remove(id: string): Promise<void> {
    await this.#trainer.deleteStudy(id);
    if (this.#current?.id === id) await this.#show(null);
    await this.refresh();
  }

  /** What deleting a study would take and leave. */
  previewDeletion(id: string): Promise<StudyDeletion> {
    return this.#trainer.previewStudyDeletion(id);
  }

  /** What deleting a result of the current study would take. @throws InputError when no study is shown. */
  async previewResultDeletion(jobId: string): Promise<ResultDeletion> {
    return this.#trainer.previewResultDeletion(this.#shownId(), jobId);
  }

  /**
   * Deletes a result of the current study with all results that depend on it.
   * @throws InputError while a study of the cohort is running.
   */
  async removeResult(jobId: string): Promise<void> {
    await this.#trainer.deleteResult(this.#shownId(), jobId);
    // Live curves must not be shown as results.
    this.#live = failedJobs(this.#live);
    await this.readResults();
  }

  #shownId(): string {
    if (!this.#current) throw new InputError('No study is shown; choose one first.');
    return this.#current.id;
  }

  /** Plans and keeps a study. @throws InputError naming what does not fit the cohort. */
  async create(cohortId: string, config: StudyConfig): Promise<StudyRecord> {
    this.#status.enter('planning', 'Planning the study …');
    const record = await this.#trainer.createStudy(cohortId, config);
    this.#list = [record, ...this.#list.filter(({ id }) => id !== record.id)];
    await this.choose(record.id);
    return record;
  }

  /** Runs what the study has no result for. @returns how it ended; null when it could not go on, with the reason in the status. */
  async run(id: string): Promise<StudyOutcome | null> {
    if (this.#runningId !== null) return null;
    this.#runningId = id;
    this.#restarts = 0;
    this.#stopAsked = false;
    this.#pauseAsked = false;
    this.#status.enter('running', 'Starting …');
    try {
      const outcome = await withRunLock(() => this.#runThroughLosses(id));
      this.#flush();
      await this.readResults();
      this.#status.enter(outcome.kind, outcomeLine(outcome));
      if (outcome.kind === 'failed') this.#status.warn(outcomeLine(outcome));
      return outcome;
    } catch (error) {
      this.#flush();
      this.#status.fail(error);
      return null;
    } finally {
      this.#runningId = null;
      this.#runningJob = null;
      this.#jobProgress = null;
    }
  }

  /** A lost device ends the trainer's worker; a fresh one goes on from the last checkpoint. */
  async #runThroughLosses(id: string): Promise<StudyOutcome> {
    for (;;) {
      try {
        return await this.#startRun(id);
      } catch (error) {
        if (errorName(error) !== 'DeviceLostError') throw error;
        this.#services.restartTrainer();
        if (this.#restarts >= maxRestarts) throw new DeviceLostError(lostForGood(errorSentence(error)));
        if (this.#stopAsked)
          return { kind: 'stopped', done: this.done, planned: this.#current?.plan.length ?? 0, failures: [] };
        this.#restarts++;
        this.#status.enter('running', 'The graphics device was lost; going on from the last checkpoint …');
      }
    }
  }

  /** A new trainer does not know of a pause or stop that was requested before its run began, so the request is sent again. */
  async #startRun(id: string): Promise<StudyOutcome> {
    const outcome = this.#trainer.run(id, (event) => this.#take(event));
    // The failure is handled by whoever awaits the outcome; this keeps an earlier failure from counting as unhandled.
    outcome.catch(() => {});
    if (this.#pauseAsked) await this.#trainer.pause();
    if (this.#stopAsked) await this.#trainer.stop();
    return outcome;
  }

  async pause(): Promise<void> {
    this.#pauseAsked = true;
    this.#status.say('Pausing after this step …');
    await this.#trainer.pause();
  }

  /** Goes on with a paused study, or takes up an unfinished one. */
  async resume(): Promise<void> {
    this.#pauseAsked = false;
    if (this.#runningId !== null) await this.#trainer.resume();
    else if (this.#current) await this.run(this.#current.id);
  }

  async stop(): Promise<void> {
    this.#stopAsked = true;
    this.#status.say('Stopping after this step …');
    await this.#trainer.stop();
  }

  #take(event: StudyEvent): void {
    switch (event.kind) {
      case 'progress':
        if (this.#status.phase === 'running' || this.#status.phase === 'paused')
          this.#status.report(event.progress);
        break;
      case 'jobStarted':
        this.#runningJob = event.id;
        this.#jobProgress = null;
        this.#change(event.id, { state: 'running', pace: null });
        break;
      case 'jobProgress':
        this.#tellOfJob(event.progress);
        break;
      case 'point':
        this.#change(event.id, {
          points: [...this.#job(event.id).points.filter(({ step }) => step < event.point.step), event.point],
          maxSteps: event.maxSteps,
          pace: withStep(this.#job(event.id).pace ?? null, event.point.step, performance.now()),
        });
        break;
      case 'jobFinished':
        this.#jobProgress = null;
        this.#change(event.id, { state: 'done' });
        // A pre-training leaves more than its curve, which can be looked at while the study goes on.
        if (this.planned(event.id)?.job.kind === 'pretraining')
          this.readResults().catch((error: unknown) => this.#status.warn(error));
        break;
      case 'jobFailed':
        this.#jobProgress = null;
        this.#change(event.id, { state: 'failed', sentence: event.sentence });
        break;
      case 'paused':
        this.#status.enter('paused', `Paused. ${safeToClose}`);
        break;
      case 'resumed':
        // Pauses do not count for the speed.
        if (this.#runningJob !== null) this.#change(this.#runningJob, { pace: null });
        this.#status.enter('running', 'Going on …');
        break;
      case 'checkpoint':
        break;
      default:
        event satisfies never;
    }
  }

  /** The line is about the job while it reads, and about the study again afterwards; the bar is always the study's. */
  #tellOfJob(progress: Progress): void {
    const reads = progress.done < progress.total;
    this.#jobProgress = reads ? progress : null;
    if (this.#status.phase !== 'running') return;
    if (reads) this.#status.say(progressLine(progress));
    else if (this.#status.progress) this.#status.report(this.#status.progress);
  }

  #job(id: string): LiveJob {
    return this.#pending.get(id) ?? this.#live.get(id) ?? noJob;
  }

  #change(id: string, change: Partial<LiveJob>): void {
    this.#pending = withChange(this.#pending, id, { ...this.#job(id), ...change });
    this.#flushTimer ??= setTimeout(() => this.#flush(), 250);
  }

  #flush(): void {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    if (this.#pending.size === 0) return;
    this.#live = withChanges(this.#live, this.#pending);
    this.#pending = noJobs;
  }

  async #show(record: StudyRecord | null): Promise<void> {
    this.#live = noJobs;
    this.#results = resultsById([]);
    this.#current = record;
    this.#reading = true;
    try {
      await this.readResults();
    } finally {
      if (this.#current === record) this.#reading = false;
    }
  }

  /** Reads the results that are kept of the current study; while it runs, those that came since are not here yet. */
  async readResults(): Promise<void> {
    const record = this.#current;
    if (!record) return;
    const results = await this.#trainer.results(record.id);
    if (this.#current === record) this.#results = resultsById(results);
  }
}

/** Phases in which the page may be closed without a loss. */
export const safeToClose =
  'Safe to close: finished runs are kept, and the one in progress goes on from its last checkpoint.';

function outcomeLine({ kind, done, planned, failures }: StudyOutcome): string {
  const counts = `${formatCount(done)} of ${counted(planned, 'run')} done`;
  const failed =
    failures.length > 0 ? ` ${formatCount(failures.length)} failed: ${failures[0]!.sentence}` : '';
  switch (kind) {
    case 'finished':
      return `Finished: ${counts}.`;
    case 'stopped':
      return `Stopped: ${counts}, not finished.${failed}`;
    case 'failed':
      return `Not finished: ${counts}.${failed}`;
    default:
      return kind satisfies never;
  }
}

function lostForGood(reason: string): string {
  return `${reason} The graphics device was lost ${maxRestarts + 1} times; restart the browser, open this page again and choose Resume: the study goes on from its last checkpoint.`;
}
