/**
 * How much longer a piece of work will take, as a range: units differ, and so does the estimate.
 */

/** Milliseconds left, low to high. */
export type RemainingMs = readonly [low: number, high: number];

/** Units after which a range is worth showing. */
const leastUnits = 3;

/** Counts units of work as they are done. Time is handed in, so that tests need no clock. */
export class TimeLeft {
  readonly #now: () => number;
  readonly #total: number;
  #last: number;
  #done = 0;
  #sumMs = 0;
  #sumSquares = 0;

  constructor(total: number, now: () => number = () => performance.now()) {
    this.#total = total;
    this.#now = now;
    this.#last = now();
  }

  /** Notes that one more unit is done. */
  tick(): void {
    const now = this.#now();
    const durationMs = now - this.#last;
    this.#last = now;
    this.#done++;
    this.#sumMs += durationMs;
    this.#sumSquares += durationMs ** 2;
  }

  /** Units done. */
  get done(): number {
    return this.#done;
  }

  /**
   * Units left times mean duration, give or take two standard errors or a tenth, whichever is more; null before three units are done.
   */
  remaining(): RemainingMs | null {
    if (this.#done < leastUnits) return null;
    const mean = this.#sumMs / this.#done;
    const variance = Math.max(0, this.#sumSquares / this.#done - mean ** 2);
    const doubt = Math.max(2 * Math.sqrt(variance / this.#done), mean / 10);
    const left = Math.max(0, this.#total - this.#done);
    return [left * Math.max(0, mean - doubt), left * (mean + doubt)];
  }
}
