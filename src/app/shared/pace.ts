/**
 * How fast a run in progress goes, from when its steps came in.
 */

/** The first and the last step that came in without a break. */
export interface Pace {
  readonly firstStep: number;
  readonly firstMs: number;
  readonly lastStep: number;
  readonly lastMs: number;
}

/** The pace with one more step. @param pace null before the first step, and after a break. @param nowMs of a clock that only rises. */
export function withStep(pace: Pace | null, step: number, nowMs: number): Pace {
  if (!pace || step <= pace.lastStep) {
    return { firstStep: step, firstMs: nowMs, lastStep: step, lastMs: nowMs };
  }
  return { ...pace, lastStep: step, lastMs: nowMs };
}

/** Steps per second; null while it cannot be known. */
export function stepsPerSecond(pace: Pace | null): number | null {
  if (!pace || pace.lastMs <= pace.firstMs) return null;
  return (1000 * (pace.lastStep - pace.firstStep)) / (pace.lastMs - pace.firstMs);
}
