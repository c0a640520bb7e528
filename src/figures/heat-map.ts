/**
 * A heat map of λ × τ: the validation AUROC of each candidate as a colour and as a number, and how many seeds chose it.
 */
import type { CandidateGrid, GridCandidate } from '../study/findings/findings.ts';
import { inkOn } from './contrast.ts';
import { formatNumber } from './number-words.ts';
import { horizontalRange, verticalRange, type AxisNames, type PlotBox, type Tick } from './plot-box.ts';
import { viridis } from './viridis.ts';

/** The box of a grid: it grows with the values of λ. */
export function heatMapBox({ candidates }: CandidateGrid): PlotBox {
  const rows = distinct(candidates.map(({ lambda }) => lambda)).length;
  return { width: 500, height: 66 + 58 * Math.max(1, rows), left: 56, right: 12, top: 12, bottom: 44 };
}

/** How the figure is read. */
export const heatMapNote =
  'AUROC on validation patients, mean over seeds ± their standard deviation; brighter is higher. ★: seeds that chose it. The test set was not looked at.';

/** Between the lines of a field's words, px. */
const wordGap = 17;

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
  /** Its AUROC, the standard deviation over seeds, and how many seeds chose it; each with the height of its middle. */
  readonly words: readonly { readonly text: string; readonly y: number }[];
}

/** The whole chart: λ upwards, τ to the right, each value a step. */
export interface HeatMapGeometry extends AxisNames {
  readonly box: PlotBox;
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
  grid: CandidateGrid,
  range: readonly [number, number] | null,
  box: PlotBox = heatMapBox(grid),
): HeatMapGeometry {
  const { candidates } = grid;
  const temperatures = distinct(candidates.map(({ temperature }) => temperature));
  const lambdas = distinct(candidates.map(({ lambda }) => lambda));
  const [left, right] = horizontalRange(box);
  const [bottom, top] = verticalRange(box);
  const width = (right - left) / Math.max(1, temperatures.length);
  const height = (bottom - top) / Math.max(1, lambdas.length);
  return {
    xName: 'τ, temperature of the teacher',
    yName: 'λ, weight of the teacher',
    box,
    xTicks: temperatures.map((value, i) => ({ at: left + (i + 0.5) * width, text: String(value) })),
    yTicks: lambdas.map((value, i) => ({ at: bottom - (i + 0.5) * height, text: String(value) })),
    cells: candidates.map((candidate) => {
      const fill = fillOf(candidate.validationAuroc, range);
      const y = bottom - (lambdas.indexOf(candidate.lambda) + 1) * height;
      return {
        candidate,
        x: left + temperatures.indexOf(candidate.temperature) * width,
        y,
        width,
        height,
        fill,
        ink: fill && inkOn(fill),
        words: wordsOf(candidate, y + height / 2),
      };
    }),
  };
}

function wordsOf(
  { validationAuroc, standardDeviation, chosenBy, seeds }: GridCandidate,
  middle: number,
): HeatMapCell['words'] {
  const texts = [
    formatNumber(validationAuroc),
    ...(standardDeviation === null ? [] : [`± ${formatNumber(standardDeviation)}`]),
    ...(chosenBy > 0 ? [`★ ${chosenBy} of ${seeds}`] : []),
  ];
  return texts.map((text, i) => ({ text, y: middle + (i - (texts.length - 1) / 2) * wordGap }));
}

function fillOf(value: number | null, range: readonly [number, number] | null): string | null {
  if (value === null || !range) return null;
  const [low, high] = range;
  return viridis(high > low ? (value - low) / (high - low) : 0.5);
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
