/**
 * The curves of two runs on one step axis: each step that either has, null where the other has no point.
 */
import type { TrainingPoint } from '../../training/task.ts';
import { liveSeries, type LiveSeries } from './live-series.ts';

/** Two runs' columns of equal length over shared steps. */
export interface OverlaidSeries {
  readonly steps: number[];
  readonly left: Omit<LiveSeries, 'steps'>;
  readonly right: Omit<LiveSeries, 'steps'>;
}

/** The columns of both curves. */
export function overlaySeries(
  left: readonly TrainingPoint[],
  right: readonly TrainingPoint[],
): OverlaidSeries {
  const steps = [...new Set([...left, ...right].map(({ step }) => step))].sort((a, b) => a - b);
  return { steps, left: spread(liveSeries(left), steps), right: spread(liveSeries(right), steps) };
}

function spread(series: LiveSeries, steps: readonly number[]): Omit<LiveSeries, 'steps'> {
  const place = new Map(series.steps.map((step, i) => [step, i]));
  const at = (values: readonly (number | null)[]): (number | null)[] =>
    steps.map((step) => values[place.get(step) ?? -1] ?? null);
  return {
    trainingLoss: at(series.trainingLoss),
    validationLoss: at(series.validationLoss),
    validationAuroc: at(series.validationAuroc),
  };
}
