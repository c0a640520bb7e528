/**
 * Reports unhandled promise rejections to the page: they do not reach the page's `worker.onerror`, and would be silent.
 */
import { errorSentence } from '../src/errors.ts';
import type { WorkerError } from './contract.ts';

/** Posts the sentence of each; `WorkerClient` then ends the worker. Call it once in each worker. */
export function reportRejections(): void {
  self.addEventListener('unhandledrejection', (event) => {
    const error: WorkerError = { kind: 'workerError', sentence: errorSentence(event.reason) };
    self.postMessage(error);
  });
}
