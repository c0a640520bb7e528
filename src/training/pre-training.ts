/**
 * What a pre-training run is told: plain data, part of a run's identity. A recipe is a weighted sum of objectives.
 */
import type { AugmentationSettings } from '../transforms/augment.ts';

/** One objective of a recipe. */
export interface WeightedObjective {
  /** Its name in the registry of objectives. */
  readonly name: string;
  /** Factor on its loss, > 0. */
  readonly weight: number;
  /** By field name; defaults where left out. */
  readonly settings: Readonly<Record<string, number>>;
}

/** How an image encoder gets its weights before fine-tuning. */
export interface PretrainingRecipe {
  /** As tables call it; no part of a run's identity. */
  readonly name: string;
  readonly objectives: readonly WeightedObjective[];
  /** True for the control of a recipe that uses reports: reports are shuffled among the training patients. */
  readonly permutedReports: boolean;
}

/** What all recipes of a study share, so that arms differ in their objectives only. */
export interface PretrainingSettings {
  /** Films that the encoder sees, counted each time; two views of a film are one. */
  readonly imagesSeen: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Share of the steps over which the learning rate rises, in [0, 1). */
  readonly warmupShare: number;
  /** Global norm to which gradients are clipped; 0 = no clipping. */
  readonly clipNorm: number;
  /** Films between two validations. */
  readonly validateEveryImages: number;
  /** True: films of one patient, and reports of one wording, are not taken for each other's negatives. */
  readonly groupNegatives: boolean;
  /** Of each view. Crops must be wide enough to keep a finding; left and right are not swapped unless asked. */
  readonly augmentation: AugmentationSettings;
}
