/**
 * Batches that are loaded ahead of their steps, so that the device never waits for the database.
 */

/** Steps whose batches are loaded before they are asked for. */
const ahead = 3;

/** Loads steps first … last, in order, each once. */
export class Prefetch<Input> {
  readonly #load: (step: number) => Promise<Input>;
  readonly #last: number;
  readonly #loading = new Map<number, Promise<Input>>();
  #next: number;

  constructor(load: (step: number) => Promise<Input>, first: number, last: number) {
    this.#load = load;
    this.#next = first;
    this.#last = last;
  }

  /** The batch of a step; asks for those after it. @throws what loading it threw. */
  ofStep(step: number): Promise<Input> {
    while (this.#next <= Math.min(step + ahead, this.#last)) {
      const loading = this.#load(this.#next);
      loading.catch(() => undefined); // an error waits until its batch is asked for
      this.#loading.set(this.#next++, loading);
    }
    const input = this.#loading.get(step);
    if (!input) throw new RangeError(`Prefetch: step ${step} was given out or is not among the steps`);
    this.#loading.delete(step);
    return input;
  }

  /** Settles when nothing is being loaded any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#loading.values());
    this.#loading.clear();
  }
}
