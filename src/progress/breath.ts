/**
 * Pauses in long work, so that a worker takes messages in the midst of it: questions whether it is alive, and the wish to stop.
 */

/** Lets messages through ten times a second, however busy the worker is. */
export class Breath {
  #last = performance.now();

  /** Pauses if it is time to. @returns whether it was. */
  async taken(): Promise<boolean> {
    if (performance.now() - this.#last < 100) return false;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#last = performance.now();
    return true;
  }
}
