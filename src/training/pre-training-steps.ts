/**
 * How many steps a pre-training takes; the loop and the estimate of its cost both count them here.
 */
import type { PretrainingSettings } from './pre-training.ts';

/** The steps of a run. */
export interface PretrainingSteps {
  /** Films of a step: the batch size, or all training films where they are fewer. */
  readonly batch: number;
  readonly steps: number;
  /** Steps between two validations. */
  readonly validateEverySteps: number;
}

/** Batches until as many films were seen as the settings say. @param films that are trained on, at least 1. */
export function pretrainingSteps(
  {
    imagesSeen,
    batchSize,
    validateEveryImages,
  }: Pick<PretrainingSettings, 'imagesSeen' | 'batchSize' | 'validateEveryImages'>,
  films: number,
): PretrainingSteps {
  const batch = Math.min(batchSize, films);
  return {
    batch,
    steps: Math.max(1, Math.ceil(imagesSeen / batch)),
    validateEverySteps: Math.max(1, Math.round(validateEveryImages / batch)),
  };
}
