/**
 * Places of the dial's two charts: gains at one position, and gains across positions.
 */
import { scaleLinear } from 'd3-scale';
import { line as pathOf } from 'd3-shape';
import { countedDifference, dialUses, type DialResult, type DialUse } from '../../study/dial/result.ts';
import { dialPositions } from '../../study/dial/settings.ts';
import type { Estimate } from '../../study/findings/findings.ts';
import {
  differenceTick,
  horizontalRange,
  ticksOf,
  valueRange,
  verticalRange,
  type PlotBox,
  type Tick,
} from '../../figures/plot-box.ts';

/** Height of one line of the gains, px. */
export const gainLineHeight = 34;

/** A gain as it is drawn; what is undefined is null. */
export interface GainLine {
  readonly use: DialUse;
  readonly over: 'overBaseline' | 'overControl';
  readonly difference: Estimate;
  readonly y: number;
  readonly x: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Places of the single draws of training patients. */
  readonly draws: readonly number[];
}

/** The chart of one position. */
export interface DialGainsGeometry {
  readonly height: number;
  readonly zero: number;
  readonly xTicks: readonly Tick[];
  readonly lines: readonly GainLine[];
}

/** Lays the gains of one position out: for each use of reports, over the baseline and over its control. */
export function layDialGains(result: DialResult, box: Omit<PlotBox, 'height'>): DialGainsGeometry {
  const entries = result.gains.flatMap((gain) =>
    (['overBaseline', 'overControl'] as const).map((over) => ({ use: gain.use, over, ...gain[over] })),
  );
  const height = box.top + entries.length * gainLineHeight + box.bottom;
  const ends = entries.flatMap(({ difference, draws }) => [difference.low, difference.high, ...draws]);
  const x = scaleLinear()
    .domain(valueRange([...ends, 0], 0.02, [-0.1, 0.1]))
    .range(horizontalRange({ ...box, height }));
  const place = (value: number | null): number | null => (value === null ? null : x(value));
  return {
    height,
    zero: x(0),
    xTicks: ticksOf(x, 2, differenceTick),
    lines: entries.map(({ use, over, difference, draws }, index) => ({
      use,
      over,
      difference,
      y: box.top + (index + 0.5) * gainLineHeight,
      x: place(difference.value),
      low: place(difference.low),
      high: place(difference.high),
      draws: draws.map((value) => x(value)),
    })),
  };
}

/** One use of reports across the dial. */
export interface DialCurve {
  readonly use: DialUse;
  /** Neighbouring positions are joined by a line; a missing position leaves a gap. */
  readonly path: string;
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly low: number | null;
    readonly high: number | null;
  }[];
}

/** The chart across positions. */
export interface DialCurveGeometry {
  readonly zero: number;
  /** The position of the dial. */
  readonly here: number;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly curves: readonly DialCurve[];
}

/**
 * Lays the gain that counts of each use over the positions that are computed.
 * @param results of different positions, all else equal. @param position where the dial stands.
 */
export function layDialCurve(
  results: readonly DialResult[],
  position: number,
  box: PlotBox,
): DialCurveGeometry {
  const last = dialPositions.length - 1;
  const [left, right] = horizontalRange(box);
  const x = (place: number): number => left + 24 + ((right - left - 48) * place) / last;
  const pointsOf = (use: DialUse): (Estimate & { position: number })[] =>
    results.map((result) => ({
      position: result.settings.position,
      ...countedDifference(result.gains.find((gain) => gain.use === use)!).difference,
    }));
  const all = dialUses.flatMap(pointsOf);
  const y = scaleLinear()
    .domain(valueRange([...all.flatMap(({ value, low, high }) => [value, low, high]), 0], 0.02, [-0.1, 0.1]))
    .range(verticalRange(box));
  return {
    zero: y(0),
    here: x(position),
    xTicks: dialPositions.flatMap(({ name }, place) => (name ? [{ at: x(place), text: name }] : [])),
    yTicks: ticksOf(y, 2, differenceTick),
    curves: dialUses.map((use, index) => {
      const shift = index === 0 ? -4 : 4; // so that intervals of the two do not cover each other
      const byPosition = new Map(pointsOf(use).map((point) => [point.position, point]));
      const path = pathOf<number>(
        (place) => x(place) + shift,
        (place) => y(byPosition.get(place)!.value!),
      ).defined((place) => byPosition.has(place));
      return {
        use,
        path: path(dialPositions.map((_, place) => place)) ?? '',
        points: [...byPosition.values()].map((point) => ({
          x: x(point.position) + shift,
          y: y(point.value!),
          low: point.low === null ? null : y(point.low),
          high: point.high === null ? null : y(point.high),
        })),
      };
    }),
  };
}
