/**
 * What each worker offers, as interfaces. The page knows the workers by this file alone.
 */
import type { Progress } from '../src/progress/progress.ts';
import type { ImportOptions } from '../src/cohort/import-options.ts';
import type { ImageBatch } from '../src/records/image-batch.ts';
import type { StudyRecord, StudyDeletion, ResultDeletion } from '../src/records/study-record.ts';
import type { StudyEvent } from '../src/jobs/study-event.ts';
import type { StudyOutcome } from '../src/study/queue.ts';
import type { Catalogue, ImportReply } from '../src/jobs/catalogue-entry.ts';
import type { StudyFileName } from '../src/exports/registry.ts';
import type { Cohort, CohortRow, ImportProblem } from '../src/cohort/cohort.ts';
import type { CohortMapping, FolderFile, Survey } from '../src/cohort/importers/importer.ts';
import type { SyntheticDials } from '../src/cohort/synthetic/dials.ts';
import type { RunComparison } from '../src/exports/compare-runs.ts';
import type { RunMeasurement } from '../src/exports/measure-run.ts';
import type { ImportAnswers } from '../src/models/imported/import-question.ts';
import type { StudyConfig } from '../src/study/config.ts';
import type { DialResult } from '../src/study/dial/result.ts';
import type { DialSettings, DialSizes } from '../src/study/dial/settings.ts';
import type { Findings } from '../src/study/findings/findings.ts';
import type { JobResult, PlannedJob } from '../src/study/job.ts';
import type { MeasuredSpeeds } from '../src/study/cost/speed.ts';
import type { AdapterInfo } from '../src/tensors/backend.ts';
import type { IntensityScaling } from '../src/transforms/prepare.ts';

/** Reads folders and draws synthetic cohorts; owns the cohort stores. */
export interface ImporterApi {
  /**
   * Surveys a folder without storing anything: columns understood, five pairs, questions, problems so far.
   * @throws StoppedError after cancel().
   */
  survey(
    files: readonly FolderFile[],
    mapping: CohortMapping | null,
    onProgress?: (progress: Progress) => void,
  ): Promise<Survey>;
  /**
   * Imports the folder that was surveyed last.
   * @throws StoppedError after cancel(), nothing is kept then; InputError while a question of the survey is open.
   */
  importFolder(
    mapping: CohortMapping,
    options: ImportOptions,
    onProgress: (progress: Progress) => void,
  ): Promise<Cohort>;
  /** Draws and stores a synthetic cohort. */
  importSynthetic(
    dials: SyntheticDials,
    options: ImportOptions,
    onProgress: (progress: Progress) => void,
  ): Promise<Cohort>;
  cancel(): Promise<void>;
  cohorts(): Promise<readonly Cohort[]>;
  rows(cohortId: string): Promise<readonly CohortRow[]>;
  films(cohortId: string, indices: readonly number[]): Promise<ImageBatch>;
  /** Deletes a cohort with its studies and their results. @throws InputError while one of them is running. */
  deleteCohort(cohortId: string): Promise<void>;
  problemsAsCsv(problems: readonly ImportProblem[]): Promise<string>;
}

/** Trains; owns the device, the plan's execution and the results. */
export interface TrainerApi {
  /** Starts WebGPU. @throws NoDeviceError with a sentence for the person. */
  adapter(): Promise<AdapterInfo>;
  catalogue(): Promise<Catalogue>;
  /**
   * Checks and keeps a person's own model: a .safetensors file, with or without its config.json (a BERT's with its vocabulary), or a
   * TensorFlow.js model.json with its weight files (a text encoder's with its vocabulary).
   * @param name as it is shown; the file's name when empty.
   * @param scaling of the films that it was trained on; a config.json that tells it is followed instead; null to have it told by that or asked
   *   for. Without meaning for reports.
   * @param answers to the questions that came back so far.
   * @returns the model as it is kept, or a question; nothing is kept before all are answered.
   * @throws InputError saying which file cannot be used and what to do; while a study runs.
   */
  importEncoder(
    name: string,
    files: readonly File[],
    scaling: IntensityScaling | null,
    answers: ImportAnswers,
  ): Promise<ImportReply>;
  /** Deletes an imported model; results that were computed with it stay. @param id without the prefix of its name. */
  deleteEncoder(id: string): Promise<void>;
  /** Plans a study and keeps it. @throws InputError naming what does not fit the cohort. */
  createStudy(cohortId: string, config: StudyConfig): Promise<StudyRecord>;
  /**
   * Measures how fast this machine does each kind of work in a study, a few steps each, on the cohort itself; the costliest kinds first, until
   * about a minute has passed. Only the speeds are kept. @returns all that is known of this adapter.
   * @throws StoppedError after stop(), what was measured before is kept; InputError while a study runs, or when the study does not fit.
   */
  measureSpeeds(
    cohortId: string,
    config: StudyConfig,
    onProgress: (progress: Progress) => void,
  ): Promise<MeasuredSpeeds>;
  /** What was measured on this adapter before; null when nothing was. */
  measuredSpeeds(): Promise<MeasuredSpeeds | null>;
  /** Ids of the jobs in a plan that have a result. */
  finished(cohortId: string, plan: readonly PlannedJob[]): Promise<readonly string[]>;
  studies(): Promise<readonly StudyRecord[]>;
  /** Deletes a study with its results, unless another study needs them. @throws InputError while a study of its cohort is running. */
  deleteStudy(studyId: string): Promise<void>;
  /** What `deleteStudy` would delete now. @throws InputError when the study is not here. */
  previewStudyDeletion(studyId: string): Promise<StudyDeletion>;
  results(studyId: string): Promise<readonly JobResult[]>;
  /** What `deleteResult` would delete now. @throws InputError when the study, or the job in it, is not here. */
  previewResultDeletion(studyId: string, jobId: string): Promise<ResultDeletion>;
  /**
   * Deletes a job's result with all results that depend on it; running the study again computes them again.
   * @throws InputError while a study of the cohort is running.
   */
  deleteResult(studyId: string, jobId: string): Promise<void>;
  /** Runs what has no result yet; continues an interrupted run from its checkpoint. One study at a time. */
  run(studyId: string, onEvent: (event: StudyEvent) => void): Promise<StudyOutcome>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** What a worker posts when something failed outside of any call; without it an unhandled rejection would be silent. */
export interface WorkerError {
  readonly kind: 'workerError';
  readonly sentence: string;
}

/** Computes statistics in a worker of its own, apart from page and training. */
export interface EvaluatorApi {
  findings(studyId: string, onProgress: (progress: Progress) => void): Promise<Findings>;
  /** A file of a study, as a blob: a long study's results are more than a string can hold. */
  exportStudy(studyId: string, name: StudyFileName): Promise<Blob>;
  /**
   * Measures a finished run again from its stored predictions: on validation patients always, on test patients once the study is finished.
   * @param metrics names in the registry. @param threshold in [0, 1]; null = the one that validation chooses.
   * @throws InputError when the run has no result.
   */
  measure(
    studyId: string,
    runId: string,
    metrics: readonly string[],
    threshold: number | null,
  ): Promise<RunMeasurement>;
  /** Compares two finished runs of one label. @throws InputError when one has no result, or their labels differ. */
  compareRuns(studyId: string, leftId: string, rightId: string): Promise<RunComparison>;
}

/** Runs the tiny studies of the dial; nothing of them is stored. */
export interface DialApi {
  /** Runs one position; a run in progress is stopped first. @returns null when it was stopped. @throws InputError naming a setting out of range. */
  run(
    settings: DialSettings,
    sizes: DialSizes,
    onProgress: (progress: Progress) => void,
  ): Promise<DialResult | null>;
  stop(): Promise<void>;
}
