/**
 * Which weights are the best so far on the validation patients, and when it is time to stop.
 */
import type { Checkpoint, Validation } from './task.ts';
import type { Weights } from './weights.ts';

/** What early stopping remembers; part of a checkpoint. */
export type BestSoFar = Pick<
  Checkpoint,
  'bestStep' | 'bestScore' | 'bestWeights' | 'validationsWithoutImprovement'
>;

/** Before the first validation. */
export const nothingYet: BestSoFar = {
  bestStep: 0,
  bestScore: -Infinity,
  bestWeights: {},
  validationsWithoutImprovement: 0,
};

/** The score by which validations are compared: AUROC, or minus the loss where AUROC is undefined. Higher is better. */
export function validationScore({ auroc, loss }: Validation): number {
  return auroc ?? -loss;
}

/** Keeps the earlier weights when scores tie. @param readPresentWeights is called only when they are the best so far. */
export async function judge(
  best: BestSoFar,
  step: number,
  validation: Validation,
  readPresentWeights: () => Promise<Weights>,
): Promise<BestSoFar> {
  const score = validationScore(validation);
  if (!(score > best.bestScore)) {
    return { ...best, validationsWithoutImprovement: best.validationsWithoutImprovement + 1 };
  }
  const bestWeights = await readPresentWeights();
  return { bestStep: step, bestScore: score, bestWeights, validationsWithoutImprovement: 0 };
}

/**
 * For tasks that keep their last weights: this validation stands for the run, and the weights are read only to be checked.
 * @throws what reading throws when a weight cannot be right.
 */
export async function last(
  step: number,
  validation: Validation,
  readPresentWeights: () => Promise<Weights>,
): Promise<BestSoFar> {
  await readPresentWeights();
  return {
    bestStep: step,
    bestScore: validationScore(validation),
    bestWeights: {},
    validationsWithoutImprovement: 0,
  };
}
