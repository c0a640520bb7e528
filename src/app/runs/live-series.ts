/**
 * Training points as the columns that uPlot draws: steps, then one column per curve, null where a curve has no point.
 */
import type { TrainingPoint } from '../../training/task.ts';

/** Columns of equal length. */
export interface LiveSeries {
  readonly steps: number[];
  readonly trainingLoss: (number | null)[];
  readonly validationLoss: (number | null)[];
  readonly validationAuroc: (number | null)[];
}

/** The columns of a curve. */
export function liveSeries(points: readonly TrainingPoint[]): LiveSeries {
  return {
    steps: points.map(({ step }) => step),
    trainingLoss: points.map(({ trainingLoss }) => trainingLoss),
    validationLoss: points.map(({ validationLoss }) => validationLoss ?? null),
    validationAuroc: points.map(({ validationAuroc }) => validationAuroc ?? null),
  };
}
