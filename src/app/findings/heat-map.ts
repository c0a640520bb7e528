/**
 * A heat map of λ × τ: the validation AUROC of each candidate as a colour and as a number, and how many seeds chose it.
 */
import type { CandidateGrid, GridCandidate } from '../../study/findings/findings.ts';
import { inkOn } from './contrast.ts';
import { horizontalRange, verticalRange, type PlotBox, type Tick } from '../shared/plot-box.ts';
import { viridis } from './viridis.ts';

/** A candidate as it is drawn; `fill` is null where its AUROC is not defined. */
export interface HeatMapCell {
  readonly candidate: GridCandidate;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fill: string | null;
  /** The colour of the text on it; null where there is no fill. */
  readonly ink: string | null;
}

/** The whole chart: λ upwards, τ to the right, each value a step. */
export interface HeatMapGeometry {
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly cells: readonly HeatMapCell[];
}

/** The lowest and the highest validation AUROC of several grids, so that they share one colour scale; null when none is defined. */
export function aurocRange(grids: readonly CandidateGrid[]): readonly [number, number] | null {
  const values = grids.flatMap(({ candidates }) =>
    candidates.flatMap(({ validationAuroc }) => validationAuroc ?? []),
  );
  return values.length > 0 ? [Math.min(...values), Math.max(...values)] : null;
}

/** Lays a grid out in a box. @param range what the colour scale spans. */
export function layHeatMap(
  { candidates }: CandidateGrid,
  range: readonly [number, number] | null,
  box: PlotBox,
): HeatMapGeometry {
  const temperatures = distinct(candidates.map(({ temperature }) => temperature));
  const lambdas = distinct(candidates.map(({ lambda }) => lambda));
  const [left, right] = horizontalRange(box);
  const [bottom, top] = verticalRange(box);
  const width = (right - left) / Math.max(1, temperatures.length);
  const height = (bottom - top) / Math.max(1, lambdas.length);
  return {
    xTicks: temperatures.map((value, i) => ({ at: left + (i + 0.5) * width, text: String(value) })),
    yTicks: lambdas.map((value, i) => ({ at: bottom - (i + 0.5) * height, text: String(value) })),
    cells: candidates.map((candidate) => {
      const fill = fillOf(candidate.validationAuroc, range);
      return {
        candidate,
        x: left + temperatures.indexOf(candidate.temperature) * width,
        y: bottom - (lambdas.indexOf(candidate.lambda) + 1) * height,
        width,
        height,
        fill,
        ink: fill && inkOn(fill),
      };
    }),
  };
}

function fillOf(value: number | null, range: readonly [number, number] | null): string | null {
  if (value === null || !range) return null;
  const [low, high] = range;
  return viridis(high > low ? (value - low) / (high - low) : 0.5);
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
