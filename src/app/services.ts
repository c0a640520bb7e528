/**
 * What the page needs from outside itself: the workers' contracts, and a way to replace a trainer whose device is lost.
 */
import type { DialApi, EvaluatorApi, ImporterApi, TrainerApi } from '../../workers/contract.ts';

/** The workers as the page sees them; tests hand in the same contract without workers. */
export interface Services {
  readonly importer: ImporterApi;
  readonly trainer: TrainerApi;
  readonly evaluator: EvaluatorApi;
  readonly dial: DialApi;
  /** Sets the function that is called when something fails in a worker outside of any call. */
  onWorkerError(listener: (sentence: string) => void): void;
  /** Terminates the trainer's worker at once and starts a new one. Its pending calls are rejected. */
  restartTrainer(): void;
}
