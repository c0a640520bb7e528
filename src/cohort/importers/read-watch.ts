/**
 * Long reading in a worker: it gives way now and then, tells how far it is, and can be stopped.
 */
import { StoppedError } from '../../errors.ts';

/** Who looks on while a file is read. */
export interface ReadWatch {
  readonly signal?: AbortSignal;
  /** @param done of `total` units of work; the unit is the reader's own. */
  onProgress?(done: number, total: number): void;
}

/** The longest time in ms that reading keeps a worker from answering. */
const holdMs = 100;

/** Pauses of a long reading. */
export class ReadPauses {
  readonly #watch: ReadWatch;
  #last = performance.now();

  constructor(watch: ReadWatch = {}) {
    this.#watch = watch;
  }

  /** Whether it is time to let messages through. */
  get isDue(): boolean {
    return performance.now() - this.#last >= holdMs;
  }

  /** Lets messages through, then tells the progress. @throws StoppedError when the person asked for it meanwhile. */
  async take(done: number, total: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#last = performance.now();
    if (this.#watch.signal?.aborted) throw new StoppedError('Reading was stopped.');
    this.#watch.onProgress?.(done, total);
  }
}
