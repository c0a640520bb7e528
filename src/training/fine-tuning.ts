/**
 * What a fine-tuning run is told: plain data, part of a run's identity.
 */
import type { AugmentationSettings } from '../transforms/augment.ts';
import type { MethodName } from './methods/inputs.ts';
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

/** The configuration of one fine-tuning run. */
export interface FineTuning {
  readonly method: MethodName;
  readonly tuning: Tuning;
  readonly imageEncoder: EncoderChoice;
  readonly textEncoder: EncoderChoice;
  /** Side in px to which films are resized on the device. */
  readonly imageSide: number;
  readonly augmentation: AugmentationSettings;
  readonly training: TrainingSettings;
  /** λ in [0, 1] and τ > 0 of a distilling run; null for the others. */
  readonly lambda: number | null;
  readonly temperature: number | null;
  /** Decides initial weights, batches and augmentation; the same for every arm of a study. */
  readonly seed: number;
}
