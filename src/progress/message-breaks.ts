/**
 * Pauses in long work, so that a worker can answer messages meanwhile: checks that it is alive, and requests to stop.
 */
import { StoppedError } from '../errors.ts';

/** Pauses ten times a second to let messages through. */
export class MessageBreaks {
  readonly #signal: AbortSignal | undefined;
  #last = performance.now();

  /** @param signal by which the work is stopped. */
  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** Pauses if the last pause was a tenth of a second ago. @returns whether it paused. @throws StoppedError when the work is to stop. */
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
