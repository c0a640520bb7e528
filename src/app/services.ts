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
  /** Says who is told what went wrong in a worker outside of any call. */
  onWorkerError(listener: (sentence: string) => void): void;
  /** Ends the trainer's worker at once, whatever it does, and starts a fresh one; its calls in flight are rejected. */
  restartTrainer(): void;
}
