/**
 * What each worker offers, as interfaces. The page knows the workers by this file alone.
 */
import type { Cohort, CohortRow, ImportProblem, SplitFractions, SquareFit } from '../src/cohort/cohort.ts';
import type { CohortMapping, FolderFile, Survey } from '../src/cohort/importers/importer.ts';
import type { SyntheticDials } from '../src/cohort/synthetic/dials.ts';
import type { RunComparison } from '../src/exports/compare-runs.ts';
import type { RunMeasurement } from '../src/exports/measure-run.ts';
import type { ImportAnswers, ImportQuestion } from '../src/models/imported/import-question.ts';
import type { StudyConfig } from '../src/study/config.ts';
import type { DialResult } from '../src/study/dial/result.ts';
import type { DialSettings, DialSizes } from '../src/study/dial/settings.ts';
import type { Findings } from '../src/study/findings.ts';
import type { JobResult, PlannedJob } from '../src/study/job.ts';
import type { Calibration } from '../src/study/speed.ts';
import type { AdapterInfo } from '../src/tensors/backend.ts';
import type { TrainingPoint } from '../src/training/task.ts';
import type { IntensityScaling } from '../src/transforms/prepare.ts';

/** Progress of a long piece of work. */
export interface Progress {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  /** Milliseconds left, as a range; null before three units are done. */
  readonly remainingMs: readonly [low: number, high: number] | null;
}

/** Choices of an import that are not about columns. */
export interface ImportOptions {
  readonly name: string;
  /** Side in px of the stored square films. */
  readonly side: number;
  readonly fit: SquareFit;
  readonly seed: number;
  readonly fractions: SplitFractions;
}

/** Films for the screen: side × side grey bytes each, one after the other. */
export interface FilmBatch {
  readonly side: number;
  readonly pixels: Uint8Array;
}

/** Reads folders and draws synthetic cohorts; owns the cohort stores. */
export interface ImporterApi {
  /**
   * Looks at a folder without storing anything: columns understood, five pairs, questions, problems so far.
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
  films(cohortId: string, indices: readonly number[]): Promise<FilmBatch>;
  /** Deletes a cohort with its studies and their results. @throws InputError while one of them is running. */
  deleteCohort(cohortId: string): Promise<void>;
  problemsAsCsv(problems: readonly ImportProblem[]): Promise<string>;
}

/** A field of a form, drawn from the catalogue. */
export interface CatalogueField {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly low: number;
  readonly high: number;
  readonly step: number;
  readonly value: number;
  /** Why this default. */
  readonly why: string;
}

/** A registry entry as forms show it. */
export interface CatalogueEntry {
  readonly name: string;
  readonly label: string;
  readonly paper: string;
  readonly fields: readonly CatalogueField[];
}

/** An objective of pre-training as forms show it. */
export interface ObjectiveEntry extends CatalogueEntry {
  /** What it learns from; objectives that use reports have a control on shuffled pairs. */
  readonly uses: 'image' | 'report' | 'both';
  /** A sentence about what it asks of encoders; empty when it takes any. */
  readonly needs: string;
}

/** What the trainer can build, for the forms. */
export interface Catalogue {
  /** The registry's, then those that the person brought (`imported:…`). */
  readonly imageEncoders: readonly CatalogueEntry[];
  /** The registry's, then those that the person brought (`imported:text-…`). */
  readonly textEncoders: readonly CatalogueEntry[];
  readonly methods: readonly CatalogueEntry[];
  readonly objectives: readonly ObjectiveEntry[];
}

/** A study as it is kept. */
export interface StudyRecord {
  readonly id: string;
  readonly cohortId: string;
  readonly cohortFingerprint: string;
  readonly config: StudyConfig;
  readonly plan: readonly PlannedJob[];
  /** ISO 8601. */
  readonly createdAt: string;
}

/** What happens while a study runs. */
export type StudyEvent =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'jobStarted'; readonly id: string; readonly fromStep: number }
  /** How far a long part of a job is that has no steps: films or reports that are read. Its end is when all are done. */
  | { readonly kind: 'jobProgress'; readonly id: string; readonly progress: Progress }
  | { readonly kind: 'point'; readonly id: string; readonly point: TrainingPoint; readonly maxSteps: number }
  | { readonly kind: 'checkpoint'; readonly id: string; readonly step: number }
  | { readonly kind: 'jobFinished'; readonly id: string }
  | { readonly kind: 'jobFailed'; readonly id: string; readonly sentence: string }
  | { readonly kind: 'paused' }
  | { readonly kind: 'resumed' };

/** How a study's run ended. A stopped or failed study is never shown as finished. */
export interface StudyOutcome {
  readonly kind: 'finished' | 'stopped' | 'failed';
  readonly done: number;
  readonly planned: number;
  readonly failures: readonly { readonly id: string; readonly sentence: string }[];
}

/** What goes when a study is deleted, and what stays. */
export interface StudyDeletion {
  /** Results, features and weights that go. */
  readonly results: number;
  readonly features: number;
  readonly weights: number;
  /** Content of all records that go, checkpoints and notes among them. */
  readonly sizeBytes: number;
  /** Results of the study that stay because other studies of the cohort use them, and these studies by name. */
  readonly resultsKept: number;
  readonly keptBy: readonly string[];
}

/** What goes when one result is deleted. */
export interface ResultDeletion {
  /** Ids of the jobs whose results go: the job itself and the finished ones that stand on it, in any study of the cohort. */
  readonly jobs: readonly string[];
  readonly sizeBytes: number;
  /** Other studies that lose results by it, by name. */
  readonly otherStudies: readonly string[];
}

/** What comes of a person's own model: it is kept, or something about it must be answered first. */
export type ImportReply =
  | {
      readonly kind: 'added';
      readonly entry: CatalogueEntry;
      /** Tensors of the file that are no part of the network, in words; "" for none. */
      readonly leftOut: string;
    }
  | { readonly kind: 'question'; readonly question: ImportQuestion };

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
  calibrate(
    cohortId: string,
    config: StudyConfig,
    onProgress: (progress: Progress) => void,
  ): Promise<Calibration>;
  /** What was measured on this adapter before; null when nothing was. */
  calibration(): Promise<Calibration | null>;
  /** Ids of the jobs in a plan that have a result. */
  finished(cohortId: string, plan: readonly PlannedJob[]): Promise<readonly string[]>;
  studies(): Promise<readonly StudyRecord[]>;
  /** Deletes a study with its results, unless another study needs them. @throws InputError while a study of its cohort is running. */
  deleteStudy(studyId: string): Promise<void>;
  /** What `deleteStudy` would delete now. @throws InputError when the study is not here. */
  weighStudy(studyId: string): Promise<StudyDeletion>;
  results(studyId: string): Promise<readonly JobResult[]>;
  /** What `deleteResult` would delete now. @throws InputError when the study, or the job in it, is not here. */
  weighResult(studyId: string, jobId: string): Promise<ResultDeletion>;
  /**
   * Deletes a job's result with all that stands on it; running the study again computes them anew.
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

/** The files a person may keep; blobs, since a long study's results are more than a string can hold. */
export interface ExportedStudy {
  readonly 'results.json': Blob;
  readonly 'findings.csv': Blob;
  readonly 'report.html': Blob;
}

/** Computes statistics away from the page and from training. */
export interface EvaluatorApi {
  findings(studyId: string, onProgress: (progress: Progress) => void): Promise<Findings>;
  exportStudy(studyId: string): Promise<ExportedStudy>;
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
