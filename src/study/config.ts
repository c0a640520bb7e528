/**
 * A study as data. The same JSON runs in the page and from the command line, and travels with the results that it made.
 */
import type { ArmName } from './arms/registry.ts';
import type { EncoderChoice, Tuning } from '../training/fine-tuning.ts';
import type { AugmentationSettings } from '../transforms/augment.ts';
import type { PretrainingRecipe, PretrainingSettings } from '../training/pre-training.ts';
import type { TrainingSettings } from '../training/task.ts';

/** Where the image encoder's weights come from before fine-tuning: random or imported ones ('none'), or a recipe's. */
export type PretrainingArm = 'none' | PretrainingRecipe;

/** The (weight decay × λ × τ) candidates of the distilling arms, tried on validation patients. */
export interface DistillationGrid {
  readonly weightDecays: readonly number[];
  /** λ in [0, 1]: the share of the teacher in the objective. */
  readonly lambdas: readonly number[];
  /** τ > 0: the temperature that divides the teacher's logits. */
  readonly temperatures: readonly number[];
}

/**
 * How the candidates of an arm are tried on validation patients: 'grid' runs each of them in full; 'successiveHalving' drops two thirds
 * early, twice (see `halving.ts`). Every arm is searched in the same way, so that budgets stay equal.
 */
export type CandidateSearch = 'grid' | 'successiveHalving';

/** One way of tuning with the settings that belong to it. */
export interface TuningPlan {
  readonly tuning: Tuning;
  readonly training: Omit<TrainingSettings, 'weightDecay'>;
  /** Used by full fine-tuning only; a linear probe's features are computed once, from films as they are. */
  readonly augmentation: AugmentationSettings;
}

/** The question that a study is run for: a use of reports for a label: an arm that distils from reports, or the image-only classifier from a pre-training. */
export interface PrimaryQuestion {
  readonly label: string;
  readonly arm: ArmName;
  /** Of a recipe, or 'none'. */
  readonly pretraining: string;
}

/** A whole study. */
export interface StudyConfig {
  readonly version: 2;
  readonly name: string;
  /** What the study is for and how long it takes, for people. */
  readonly purpose: string;
  /** Labels by name; empty = every label of the cohort with both classes on each side of the split. */
  readonly labels: readonly string[];
  /** With an empty list of labels: at most so many of those labels, the first in the cohort's order. All of them when left out. */
  readonly labelLimit?: number;
  /** Always runs 'imageOnly'; a distilling arm always brings 'selfDistilled' and its teacher. */
  readonly arms: readonly ArmName[];
  readonly tunings: readonly TuningPlan[];
  readonly pretrainings: readonly PretrainingArm[];
  /** Shared by all recipes; `defaultPretraining` when left out. */
  readonly pretraining?: PretrainingSettings;
  readonly imageEncoders: readonly EncoderChoice[];
  readonly textEncoder: EncoderChoice;
  /** Side in px to which films are resized on the device before the encoder; at most the cohort's side. */
  readonly imageSide: number;
  readonly distillation: DistillationGrid;
  /** Weight decays tried by the arms that do not distil: as many as the grid has candidates, so that all arms have an equal budget. */
  readonly weightDecays: readonly number[];
  /** 'grid' when left out. */
  readonly search?: CandidateSearch;
  /** Training sizes in patients, nested; 'all' = every training patient. */
  readonly trainingSizes: readonly (number | 'all')[];
  readonly seeds: readonly number[];
  /** What the study is run for; left out, all of its findings are exploratory. */
  readonly primary?: PrimaryQuestion;
  readonly statistics: StatisticsSettings;
}

/** How the findings are computed. */
export interface StatisticsSettings {
  /** Patient-clustered bootstrap resamples. */
  readonly bootstrapSamples: number;
  readonly seed: number;
  /** Confidence level of intervals, e.g. 0.95. */
  readonly confidence: number;
  /** Differences in AUROC smaller than this are of no practical interest. */
  readonly margin: number;
}
