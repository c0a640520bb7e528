/**
 * An interval of a number.
 */

/** Both ends belong to the interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}
