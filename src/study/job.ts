/**
 * The jobs of a study and their results: nodes of one dependency graph, each a pure function of its configuration, of the jobs that it
 * needs, and of the cohort's fingerprint. A job's id is a hash of all three; what has a result is never computed again.
 */
import type { VariantChoices } from '../kernels/tuning/variants.ts';
import type { Pretraining } from '../pretraining/data.ts';
import type { FilmReconstruction } from '../pretraining/reconstructions.ts';
import type { FilmNeighbours } from '../pretraining/signals.ts';
import type { EncoderChoice, FineTuning } from '../training/fine-tuning.ts';
import type { TrainingPoint } from '../training/task.ts';
import type { WordWeight } from '../training/word-weights.ts';
import type { ArmName } from './arms/registry.ts';

/** One pre-training of an image encoder, on the training patients; its weights serve every label, training size and arm. */
export interface PretrainingJob extends Pretraining {
  readonly kind: 'pretraining';
}

/** Frozen features of every film of the cohort, from an encoder with the weights of a seed and a pre-training arm. */
export interface FeaturesJob {
  readonly kind: 'features';
  readonly encoder: EncoderChoice;
  /** Name of the recipe, or 'none'. */
  readonly pretraining: string;
  readonly imageSide: number;
  readonly seed: number;
}

/** One training run. */
export interface RunJob extends FineTuning {
  readonly kind: 'run';
  readonly label: string;
  /** Reports shuffled among training patients (the permuted control's teacher). */
  readonly permutedReports: boolean;
  /** Name of the recipe, or 'none'. */
  readonly pretraining: string;
  readonly trainingSize: number | 'all';
}

/**
 * A training run as it is planned. A run of a later rung of successive halving learns its candidate (weight decay, λ, τ) from the rung
 * before; until then all three are null.
 */
export interface PlannedRun extends Omit<RunJob, 'training'> {
  readonly training: Omit<RunJob['training'], 'weightDecay'> & { readonly weightDecay: number | null };
}

/** Where a run of a later rung takes its candidate from. */
export interface Promotion {
  /** All runs of the rung before, in plan order. */
  readonly rungIds: readonly string[];
  /** Which of them on validation patients, from 0 = the best. */
  readonly place: number;
}

/** A job in the plan. */
export interface PlannedJob {
  readonly id: string;
  readonly job: PretrainingJob | FeaturesJob | PlannedRun;
  /** Arms of the study that use this job (the self-distilled control's teacher is the baseline itself). */
  readonly arms: readonly ArmName[];
  /** The pre-training whose weights the encoder starts from; null or left out where there is none. */
  readonly pretrainingId?: string | null;
  /** The features that a linear probe reads; null otherwise. */
  readonly featuresId: string | null;
  /** Candidates for the teacher of a distilling run; the best on validation patients teaches. Empty otherwise. */
  readonly teacherIds: readonly string[];
  /** Left out unless the run belongs to a later rung of successive halving. */
  readonly promotion?: Promotion;
}

/** All ids that must have results before a job may start. */
export function needsOf(planned: PlannedJob): readonly string[] {
  const { pretrainingId = null, featuresId, teacherIds, promotion } = planned;
  return [pretrainingId, featuresId, ...teacherIds, ...(promotion?.rungIds ?? [])].filter(
    (id) => id !== null,
  );
}

/** Logits for rows of the cohort. */
export interface Predictions {
  readonly rows: readonly number[];
  /** One logit per row; the probability is its sigmoid. */
  readonly logits: readonly number[];
}

/** What a finished run leaves: its predictions, so that a new metric needs no new training. */
export interface RunResult {
  readonly kind: 'run';
  readonly id: string;
  readonly job: RunJob;
  /** The teacher that was chosen on validation patients; null when nobody taught. */
  readonly teacherId: string | null;
  /** Score by which candidates are compared: validation AUROC, or minus the validation loss where AUROC is undefined. */
  readonly validationScore: number;
  readonly validationAuroc: number | null;
  /** Weight of positives in the loss; logits below are without it, at the cohort's prevalence. */
  readonly positiveWeight: number;
  readonly training: Predictions;
  readonly validation: Predictions;
  readonly test: Predictions;
  /** Weights of single words in a report-only probe on TF-IDF, largest first; absent elsewhere, and in older results. */
  readonly words?: readonly WordWeight[];
  readonly steps: number;
  readonly bestStep: number;
  readonly history: readonly TrainingPoint[];
  readonly trainingPatients: number;
  readonly trainingPositives: number;
  readonly durationMs: number;
  readonly adapter: string;
  /** Variants of kernels that ran; absent in results from before there was a choice. */
  readonly kernels?: VariantChoices;
  /** ISO 8601. */
  readonly finishedAt: string;
}

/** What a finished features job leaves; the numbers themselves stand in the feature store. */
export interface FeaturesResult {
  readonly kind: 'features';
  readonly id: string;
  readonly job: FeaturesJob;
  readonly dimensions: number;
  readonly durationMs: number;
  readonly adapter: string;
  /** Variants of kernels that ran; absent in results from before there was a choice. */
  readonly kernels?: VariantChoices;
  readonly finishedAt: string;
}

/** What a finished pre-training leaves; the weights themselves stand in the weight store. */
export interface PretrainingResult {
  readonly kind: 'pretraining';
  readonly id: string;
  readonly job: PretrainingJob;
  /** Names of the image encoder's weights and buffers with the number of their values. */
  readonly weights: Readonly<Record<string, number>>;
  readonly steps: number;
  readonly imagesSeen: number;
  readonly imagesPerSecond: number;
  /** Loss, rate and signals over the steps; see `evaluation/embedding-signals.ts` for the names of signals. */
  readonly history: readonly TrainingPoint[];
  /** A sentence when embeddings collapsed; null when they did not. */
  readonly collapse: string | null;
  readonly reconstructions: readonly FilmReconstruction[];
  readonly nearestReports: readonly FilmNeighbours[];
  readonly trainingFilms: number;
  readonly trainingPatients: number;
  readonly durationMs: number;
  readonly adapter: string;
  readonly kernels?: VariantChoices;
  /** ISO 8601. */
  readonly finishedAt: string;
}

/** The result of any job. */
export type JobResult = PretrainingResult | RunResult | FeaturesResult;
