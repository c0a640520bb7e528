/**
 * Measures the times of the training loop from outside: the moments of its events give the time of a step and of a validation.
 */
import type { Speed } from '../study/cost/speed.ts';
import type { Checkpoint, TrainingEvent } from '../training/task.ts';

/** Times taken from the loop's events. */
export type LoopTimings = Pick<
  Speed,
  'setupMs' | 'unitMs' | 'validationMs' | 'checkpointMs' | 'checkpointBytes'
>;

/** Share of an interval that its steps take at least: noise may hide them beside a long validation. */
const leastShare = 0.05;

/**
 * Times of one run with validations after k, 2k and 2k + 1 steps and checkpoints after k and 2k. Between the last two validations lies one step, between
 * the two before k: A = k·step + validation and B = step + validation give both. The first stretch holds what is done before the first step as well.
 */
export class LoopTimes {
  readonly stepsPerValidation: number;
  readonly #now: () => number;
  #sinceMs: number;
  #endMs: number;
  readonly #validations: number[] = [];
  #checkpointMs = 0;
  #checkpointBytes = 0;

  /** @param stepsPerValidation k, at least 2. @param now milliseconds from any fixed moment; `performance.now` when left out. */
  constructor(stepsPerValidation: number, now: () => number = () => performance.now()) {
    this.stepsPerValidation = stepsPerValidation;
    this.#now = now;
    this.#sinceMs = now();
    this.#endMs = this.#sinceMs;
  }

  /** Steps of the whole run, 2k + 1. */
  get steps(): number {
    return 2 * this.stepsPerValidation + 1;
  }

  /** From the loop's end to that of the run, in ms. */
  get sinceLastMs(): number {
    return this.#endMs - this.#sinceMs;
  }

  /** Takes the time of an event of the loop, as it comes. */
  take(event: TrainingEvent): void {
    const elapsed = this.#now() - this.#sinceMs;
    if (event.kind === 'point') {
      if (event.point.validationLoss === undefined) return;
      this.#validations.push(elapsed);
    }
    if (event.kind === 'checkpoint') {
      this.#checkpointMs = elapsed;
      this.#checkpointBytes = checkpointBytes(event.checkpoint);
    }
    this.#sinceMs = this.#now();
  }

  /** Marks the end of the run. */
  end(): void {
    this.#endMs = this.#now();
  }

  /** @throws TypeError when the run did not validate three times. */
  timings(): LoopTimings {
    const [first, many, one] = this.#validations;
    if (first === undefined || many === undefined || one === undefined)
      throw new TypeError(`LoopTimes: expected three validations, got ${this.#validations.length}`);
    const k = this.stepsPerValidation;
    const unitMs = Math.min(Math.max((many - one) / (k - 1), (leastShare * many) / k), many / k);
    const validationMs = Math.max(0, many - k * unitMs);
    return {
      setupMs: Math.max(0, first - many),
      unitMs,
      validationMs,
      checkpointMs: this.#checkpointMs,
      checkpointBytes: this.#checkpointBytes,
    };
  }
}

function checkpointBytes({ weights, firstMoments, secondMoments, bestWeights }: Checkpoint): number {
  return [weights, firstMoments, secondMoments, bestWeights]
    .flatMap((part) => Object.values(part))
    .reduce((sum, values) => sum + values.byteLength, 0);
}
