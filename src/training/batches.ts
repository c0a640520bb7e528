/**
 * Which rows a step trains on: seeded, complete shuffles of the rows, cut into batches of one size.
 */
import type { Random } from '../random/random.ts';

/**
 * Batches that depend on the seed and the step only.
 *
 * The shuffles of the epochs follow one another without a gap and are cut every `size` rows. So every batch has the same size (a new
 * size would make the device hold memory for one more shape), and after every whole epoch each row was seen equally often. A batch
 * that spans two epochs may hold a row twice.
 */
export class Batches {
  /** Rows in every batch: the size asked for, or all rows when there are fewer. */
  readonly size: number;
  readonly #rows: readonly number[];
  readonly #random: Random;
  readonly #epochs = new Map<number, readonly number[]>();

  /** @throws RangeError when there is no row or the size is not a whole number ≥ 1. */
  constructor(rows: readonly number[], batchSize: number, random: Random) {
    if (rows.length === 0) throw new RangeError('Batches: expected at least one row to train on, got none');
    if (!(Number.isInteger(batchSize) && batchSize >= 1))
      throw new RangeError(`Batches: batchSize must be a whole number ≥ 1, got ${batchSize}`);
    this.size = Math.min(batchSize, rows.length);
    this.#rows = rows;
    this.#random = random;
  }

  /** The rows of a step. @param step counted from 1. */
  ofStep(step: number): number[] {
    const start = (step - 1) * this.size;
    return Array.from({ length: this.size }, (_, i) => this.#at(start + i));
  }

  /** The row at a position of the endless sequence of shuffles. */
  #at(position: number): number {
    const epoch = Math.floor(position / this.#rows.length);
    return this.#shuffle(epoch)[position % this.#rows.length]!;
  }

  /** The order of an epoch; the last two are kept, since a batch may span them. */
  #shuffle(epoch: number): readonly number[] {
    let order = this.#epochs.get(epoch);
    if (!order) {
      order = this.#random.fork(epoch).shuffled(this.#rows);
      for (const known of this.#epochs.keys()) {
        if (Math.abs(known - epoch) > 1) this.#epochs.delete(known);
      }
      this.#epochs.set(epoch, order);
    }
    return order;
  }
}
