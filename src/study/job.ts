/**
 * The jobs of a study and their results: nodes of one dependency graph, each a pure function of its own words, of what it needs, and of
 * the cohort's fingerprint. A job's id is a hash of all three; what has a result is never computed again.
 */
import type { TrainingPoint, TrainingSettings } from '../training/task.ts';
import type { ArmName, Augmentation, EncoderChoice, PretrainingArm, Tuning } from './config.ts';

/** Frozen features of every film of the cohort, from an encoder with the weights of a seed and a pre-training arm. */
export interface FeaturesJob {
  readonly kind: 'features';
  readonly encoder: EncoderChoice;
  readonly pretraining: PretrainingArm;
  readonly imageSide: number;
  readonly seed: number;
}

/** What a model sees when it predicts. */
export type Sees = 'image' | 'report' | 'imageAndReport';

/** One training run. */
export interface RunJob {
  readonly kind: 'run';
  readonly label: string;
  /** image-only and distillation see the image, text-only the report, teacher both. */
  readonly method: 'imageOnly' | 'textOnly' | 'teacher' | 'distillation';
  /** Reports shuffled among training patients (the permuted control's teacher). */
  readonly permutedReports: boolean;
  readonly tuning: Tuning;
  readonly pretraining: PretrainingArm;
  readonly imageEncoder: EncoderChoice;
  readonly textEncoder: EncoderChoice;
  readonly imageSide: number;
  readonly augmentation: Augmentation;
  readonly training: TrainingSettings;
  /** λ and τ of a distilling run; null for the others. */
  readonly lambda: number | null;
  readonly temperature: number | null;
  readonly trainingSize: number | 'all';
  readonly seed: number;
}

/** A job in the plan. */
export interface PlannedJob {
  readonly id: string;
  readonly job: FeaturesJob | RunJob;
  /** Arms of the study that use this job (the self-distilled control's teacher is the baseline itself). */
  readonly arms: readonly ArmName[];
  /** The features that a linear probe reads; null otherwise. */
  readonly featuresId: string | null;
  /** Candidates for the teacher of a distilling run; the best on validation patients teaches. Empty otherwise. */
  readonly teacherIds: readonly string[];
}

/** All ids that must have results before a job may start. */
export function needsOf(planned: PlannedJob): readonly string[] {
  return planned.featuresId === null ? planned.teacherIds : [planned.featuresId, ...planned.teacherIds];
}

/** Logits for rows of the cohort. */
export interface Predictions {
  readonly rows: readonly number[];
  /** One logit a row; the probability is its sigmoid. */
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
  readonly training: Predictions;
  readonly validation: Predictions;
  readonly test: Predictions;
  readonly steps: number;
  readonly bestStep: number;
  readonly history: readonly TrainingPoint[];
  readonly trainingPatients: number;
  readonly trainingPositives: number;
  readonly durationMs: number;
  readonly adapter: string;
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
  readonly finishedAt: string;
}

/** The result of any job. */
export type JobResult = RunResult | FeaturesResult;
