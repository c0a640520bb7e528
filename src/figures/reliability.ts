/**
 * Reliability curves: the share of positive films over the mean probability of each bin. On the diagonal, probabilities are calibrated.
 */
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { Calibration, CalibrationPoint, Cell } from '../study/findings/findings.ts';
import type { ArmCurve } from './arm-curve.ts';
import {
  horizontalRange,
  shareTicks,
  spreadLabels,
  verticalRange,
  type AxisNames,
  type PlotBox,
  type Tick,
} from './plot-box.ts';
import type { InkName } from '../study/arms/arm.ts';
import { counted, formatNumber } from './number-words.ts';

/** The box of one arm's panel, where arms stand side by side. */
export const panelBox: PlotBox = { width: 270, height: 280, left: 56, right: 14, top: 30, bottom: 50 };

/** How probabilities look after temperature scaling, hollow and beside the arm's own ink. */
export const scaledLook = { ink: 'black', dash: '5 3' } as const satisfies {
  readonly ink: InkName;
  readonly dash: string;
};

/** "scaled, T = 1.23". */
export function scaledWords({ temperature }: Calibration): string {
  return `scaled, T = ${formatNumber(temperature, 2)}`;
}

/** How the figure of one arm is read. @param level "95 % CI". */
export function reliabilityNote(level: string): string {
  return `On the dashed diagonal, probabilities come true. Bars: ${level} of each bin's share (Wilson), films taken as independent.`;
}

/** What is hollow, or why nothing is. */
export function scaledNote({ scaled }: Calibration): string {
  return scaled
    ? 'Hollow: after temperature scaling, T fitted on validation patients.'
    : 'No temperature was fitted: validation patients hold one class only.';
}

/** A bin with its bar, px; low and high are null without an interval. */
export interface DrawnBin {
  readonly x: number;
  readonly y: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly words: string;
}

/** What all reliability charts share. */
export interface ReliabilityGeometry extends AxisNames {
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly diagonal: string;
}

/** One arm: bins as they are, and after temperature scaling where there is a temperature. */
export interface ArmReliability extends ReliabilityGeometry {
  readonly asIs: { readonly path: string; readonly bins: readonly DrawnBin[] };
  readonly scaled: { readonly path: string; readonly bins: readonly DrawnBin[] } | null;
}

/** Lays one arm's bins out. */
export function layReliability(calibration: Calibration, box: PlotBox): ArmReliability {
  const { frame, x, y } = frameOf(box);
  const curve = (points: readonly CalibrationPoint[]): ArmReliability['asIs'] => ({
    path: pathOf(points, x, y),
    bins: defined(points).map((point) => {
      const { low, high } = point.shareOfPositives;
      return {
        x: x(point.meanProbability),
        y: y(point.value),
        low: low === null ? null : y(low),
        high: high === null ? null : y(high),
        words: wordsOf(point),
      };
    }),
  });
  return {
    ...frame,
    asIs: curve(calibration.bins),
    scaled: calibration.scaled && curve(calibration.scaled.bins),
  };
}

/** Lays the curves of all arms out, as they are; cells without bins are left out. */
export function layReliabilityOfArms(
  cells: readonly Cell[],
  box: PlotBox,
): ReliabilityGeometry & { readonly curves: readonly ArmCurve[] } {
  const { frame, x, y } = frameOf(box);
  const drawn = cells.flatMap(({ arm, calibration }) => {
    const bins = defined(calibration?.bins ?? []);
    return bins.length > 0 ? [{ arm, bins }] : [];
  });
  const heights = spreadLabels(
    drawn.map(({ bins }) => y(bins.at(-1)!.value)),
    15,
    box.top + 6,
    box.height - box.bottom,
  );
  return {
    ...frame,
    curves: drawn.map(({ arm, bins }, index) => ({
      arm,
      path: pathOf(bins, x, y),
      marks: bins.map((bin) => ({ x: x(bin.meanProbability), y: y(bin.value), words: wordsOf(bin) })),
      label: { x: box.width - box.right + 10, y: heights[index]! },
    })),
  };
}

type Place = (share: number) => number;

function frameOf(box: PlotBox): { frame: ReliabilityGeometry; x: Place; y: Place } {
  const x = scaleLinear().domain([0, 1]).range(horizontalRange(box));
  const y = scaleLinear().domain([0, 1]).range(verticalRange(box));
  const diagonal = `M${x(0)},${y(0)}L${x(1)},${y(1)}`;
  const names = { xName: 'mean probability of the bin', yName: 'share of positive films' };
  return { frame: { ...names, xTicks: shareTicks(x), yTicks: shareTicks(y), diagonal }, x, y };
}

function defined(points: readonly CalibrationPoint[]): (CalibrationPoint & { readonly value: number })[] {
  return points.flatMap((point) => {
    const { value } = point.shareOfPositives;
    return value === null ? [] : [{ ...point, value }];
  });
}

function pathOf(points: readonly CalibrationPoint[], x: Place, y: Place): string {
  const draw = line<CalibrationPoint & { value: number }>(
    (point) => x(point.meanProbability),
    (point) => y(point.value),
  );
  return draw(defined(points)) ?? '';
}

function wordsOf({ meanProbability, value, films }: CalibrationPoint & { readonly value: number }): string {
  return `mean probability ${formatNumber(meanProbability)}: ${formatNumber(value)} of ${counted(films, 'film')} positive`;
}
