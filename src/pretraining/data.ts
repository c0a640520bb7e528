/**
 * What a pre-training run is told and given. Test rows are not among it.
 */
import type { TextEncoderEntry } from '../models/encoder.ts';
import type { ImageSource } from '../training/data.ts';
import type { EncoderChoice } from '../training/fine-tuning.ts';
import type { PretrainingRecipe, PretrainingSettings } from '../training/pre-training.ts';

/** The configuration of one pre-training run. */
export interface Pretraining {
  readonly recipe: PretrainingRecipe;
  readonly settings: PretrainingSettings;
  readonly imageEncoder: EncoderChoice;
  readonly textEncoder: EncoderChoice;
  /** Side in px to which films are resized on the device. */
  readonly imageSide: number;
  readonly seed: number;
}

/** A label by which the probes of a validation are measured. */
export interface ProbedLabel {
  readonly name: string;
  /** 0 or 1 for the training and validation rows where it is known. */
  readonly values: ReadonlyMap<number, 0 | 1>;
}

/** Everything that a run may see. */
export interface PretrainingData {
  readonly trainingRows: readonly number[];
  readonly validationRows: readonly number[];
  /** The report of each row of the cohort; shuffled among the training rows for a control. */
  readonly reports: readonly string[];
  /** T, where it is not the registry's: a person's own. */
  readonly textEntry?: TextEncoderEntry;
  /** The patient of each row of the cohort. */
  readonly patients: readonly string[];
  readonly films: ImageSource;
  /** Used only to measure the embeddings; nothing is trained on them. */
  readonly probedLabels: readonly ProbedLabel[];
}
