/**
 * What each worker offers, as interfaces. The page knows the workers by this file alone.
 */
import type { Cohort, CohortRow, ImportProblem, SplitFractions, SquareFit } from '../src/cohort/cohort.ts';
import type { CohortMapping, FolderFile, Survey } from '../src/cohort/importers/importer.ts';
import type { SyntheticDials } from '../src/cohort/synthetic/dials.ts';
import type { StudyConfig } from '../src/study/config.ts';
import type { DialResult } from '../src/study/dial/result.ts';
import type { DialSettings, DialSizes } from '../src/study/dial/settings.ts';
import type { Findings } from '../src/study/findings.ts';
import type { JobResult, PlannedJob } from '../src/study/job.ts';
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
  /** Looks at a folder without storing anything: columns understood, five pairs, problems so far. */
  survey(files: readonly FolderFile[], mapping: CohortMapping | null): Promise<Survey>;
  /** Imports the folder that was surveyed last. @throws StoppedError after cancel(); nothing is kept then. */
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

/** Trains; owns the device, the plan's execution and the results. */
export interface TrainerApi {
  /** Starts WebGPU. @throws NoDeviceError with a sentence for the person. */
  adapter(): Promise<AdapterInfo>;
  catalogue(): Promise<Catalogue>;
  /**
   * Checks and keeps a person's own model: a .safetensors file, with or without its config.json (a BERT's with its vocabulary), or a
   * TensorFlow.js model.json with its weight files.
   * @param name as it is shown; the file's name when empty.
   * @param scaling of the films that it was trained on; a config.json that tells it is followed instead. Without meaning for reports.
   * @throws InputError saying which file cannot be used and what to do; while a study runs.
   */
  importEncoder(name: string, files: readonly File[], scaling: IntensityScaling): Promise<CatalogueEntry>;
  /** Deletes an imported model; results that were computed with it stay. @param id without the prefix of its name. */
  deleteEncoder(id: string): Promise<void>;
  /** Plans a study and keeps it. @throws InputError naming what does not fit the cohort. */
  createStudy(cohortId: string, config: StudyConfig): Promise<StudyRecord>;
  studies(): Promise<readonly StudyRecord[]>;
  /** Deletes a study with its results, unless another study needs them. @throws InputError while a study of its cohort is running. */
  deleteStudy(studyId: string): Promise<void>;
  results(studyId: string): Promise<readonly JobResult[]>;
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

/** The files a person may keep. */
export interface ExportedStudy {
  readonly 'results.json': string;
  readonly 'findings.csv': string;
  readonly 'report.html': string;
}

/** Computes statistics away from the page and from training. */
export interface EvaluatorApi {
  findings(studyId: string, onProgress: (progress: Progress) => void): Promise<Findings>;
  exportStudy(studyId: string): Promise<ExportedStudy>;
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
