/**
 * What a long piece of work reports while it runs.
 */

/** Progress of a long piece of work. */
export interface Progress {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  /** Milliseconds left, as a range; null before three units are done. */
  readonly remainingMs: readonly [low: number, high: number] | null;
}
