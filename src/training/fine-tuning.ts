/**
 * What a fine-tuning run is told: plain data, part of a run's identity.
 */
import type { TrainingSettings } from './task.ts';

/** How the image encoder is used: frozen with a head on its features, or trained whole. */
export type Tuning = 'linearProbe' | 'full';

/** An encoder by its registry name, or that of an imported model, with its own settings (width, depth, patch …). */
export interface EncoderChoice {
  readonly name: string;
  readonly settings: Readonly<Record<string, number>>;
  /** What a person calls an imported model; no part of a run's identity. */
  readonly label?: string;
}

/** Augmentation of training films; 0 switches a part off. Left and right are never swapped unless asked: the heart is on the left. */
export interface Augmentation {
  /** Smallest share of the film's area that a random crop keeps, in (0, 1]; 1 = no cropping. */
  readonly minCropArea: number;
  /** Rotation at most, in degrees either way. */
  readonly rotationDegrees: number;
  /** Brightness and contrast jitter at most, as a share of the intensity range. */
  readonly intensityJitter: number;
  /** Probability of a left-right flip. */
  readonly flipProbability: number;
}

/** The methods by registry name. */
export type MethodName = 'imageOnly' | 'textOnly' | 'teacher' | 'distillation';

/** The configuration of one fine-tuning run. */
export interface FineTuning {
  readonly method: MethodName;
  readonly tuning: Tuning;
  readonly imageEncoder: EncoderChoice;
  readonly textEncoder: EncoderChoice;
  /** Side in px to which films are resized on the device. */
  readonly imageSide: number;
  readonly augmentation: Augmentation;
  readonly training: TrainingSettings;
  /** λ in [0, 1] and τ > 0 of a distilling run; null for the others. */
  readonly lambda: number | null;
  readonly temperature: number | null;
  /** Decides initial weights, batches and augmentation; the same for every arm of a study. */
  readonly seed: number;
}
