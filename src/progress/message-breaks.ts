/**
 * Pauses in long work, so that a worker takes messages in the midst of it: questions whether it is alive, and the wish to stop.
 */
import { StoppedError } from '../errors.ts';

/** Lets messages through ten times a second, however busy the worker is. */
export class MessageBreaks {
  readonly #signal: AbortSignal | undefined;
  #last = performance.now();

  /** @param signal by which the work is stopped. */
  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** Pauses if it is time to. @returns whether it was. @throws StoppedError when the work is to stop. */
  async pauseIfDue(): Promise<boolean> {
    if (performance.now() - this.#last < 100) return false;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#last = performance.now();
    this.throwIfStopped();
    return true;
  }

  /** @throws StoppedError when the work is to stop. */
  throwIfStopped(): void {
    if (this.#signal?.aborted) throw new StoppedError('Stopped; nothing was kept.');
  }
}
