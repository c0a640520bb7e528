/**
 * Time left of a long piece of work, as a range, from its speed so far.
 */

/** Milliseconds left. */
export type RemainingMs = readonly [low: number, high: number];

/** Estimates the time left from finished units; time is handed in, so that it can be tested. */
export class RemainingTime {
  readonly #startMs: number;
  #doneAtStart = 0;
  #lastMs: number;
  /** Exponentially weighted mean and mean deviation of milliseconds a unit. */
  #mean = 0;
  #deviation = 0;
  #measured = 0;
  #done: number;

  /** @param done units that were done before (a resumed piece of work). */
  constructor(nowMs: number, done = 0) {
    this.#startMs = nowMs;
    this.#lastMs = nowMs;
    this.#done = done;
    this.#doneAtStart = done;
  }

  /** Records that `done` units are finished at `nowMs`. */
  update(done: number, nowMs: number): void {
    const units = done - this.#done;
    if (units <= 0) return;
    const each = (nowMs - this.#lastMs) / units;
    const weight = Math.max(1 / (this.#measured + 1), 0.1);
    this.#deviation += weight * (Math.abs(each - this.#mean) - this.#deviation);
    this.#mean += weight * (each - this.#mean);
    this.#measured += units;
    this.#done = done;
    this.#lastMs = nowMs;
  }

  /** Milliseconds left for the units up to `total`, [low, high]; null before three units were measured. */
  range(total: number): RemainingMs | null {
    if (this.#measured < 3) return null;
    const overall = (this.#lastMs - this.#startMs) / (this.#done - this.#doneAtStart);
    const left = Math.max(0, total - this.#done);
    const middle = (overall + this.#mean) / 2;
    const margin = Math.max(
      0.1 * middle,
      Math.abs(overall - this.#mean) / 2,
      this.#deviation / Math.sqrt(left + 1),
    );
    return [Math.max(0, middle - margin) * left, (middle + margin) * left];
  }
}
