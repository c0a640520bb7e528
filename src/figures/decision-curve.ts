/**
 * Decision curves: net benefit over the threshold probability, an arm a line, beside treating all and treating none (Vickers & Elkin 2006,
 * "Decision curve analysis: a novel method for evaluating prediction models").
 */
import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { ArmName } from '../study/arms/registry.ts';
import type { Cell, NetBenefit } from '../study/findings/findings.ts';
import type { Place } from './axes.ts';
import { formatNumber } from './number-words.ts';
import {
  horizontalRange,
  ticksOf,
  verticalRange,
  type AxisNames,
  type PlotBox,
  type Tick,
} from './plot-box.ts';

/** The curve of one arm. */
export interface ArmBenefit {
  readonly arm: ArmName;
  readonly band: string;
  readonly path: string;
  /** Where its name stands; a short line goes before it. */
  readonly label: Place;
}

/** The whole figure. */
export interface DecisionCurveGeometry extends AxisNames {
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** Net benefit below which nothing is drawn. */
  readonly floor: number;
  readonly curves: readonly ArmBenefit[];
  readonly treatAll: { readonly path: string; readonly label: Place };
  readonly treatNone: { readonly path: string; readonly label: Place };
}

/** Length of the short line before a name, and the space that it takes, px. */
export const keyLine = { length: 16, space: 22 } as const;

type Point = readonly [threshold: number, netBenefit: number];

/** Net benefit has no lower bound as thresholds near 1; below this share of the highest value nothing is drawn. */
const floorShare = 0.25;

/**
 * Lays the decision curves of arms on the same test films out; arms without two defined points are left out, and null is returned where none
 * is left. A curve below the floor is cut where it crosses it.
 */
export function layDecisionCurves(
  cells: readonly Pick<Cell, 'arm' | 'decisionCurve'>[],
  box: PlotBox,
): DecisionCurveGeometry | null {
  const drawn = cells
    .map(({ arm, decisionCurve: curve }) => ({ arm, curve, model: curve.flatMap(definedPoint) }))
    .filter(({ model }) => model.length >= 2);
  if (drawn.length === 0) return null;
  // Curves end at the highest probability of a film, which differs between arms; treating all is the same for each.
  const longest = drawn.map(({ curve }) => curve).reduce((a, b) => (endOf(b) > endOf(a) ? b : a));
  const top = Math.max(0.01, ...drawn.flatMap(({ curve }) => curve.flatMap(topsOf)));
  const floor = -floorShare * top;
  const x = scaleLinear()
    .domain([0, endOf(longest)])
    .range(horizontalRange(box));
  const y = scaleLinear().domain([floor, top]).range(verticalRange(box));
  const draw = line<Point>(
    ([threshold]) => x(threshold),
    ([, benefit]) => y(benefit),
  );
  const drawAbove = (points: readonly Point[]): string =>
    cutAtFloor(points, floor)
      .map((piece) => draw(piece) ?? '')
      .join('');
  const inSight = (benefit: number): number => y(Math.max(floor, benefit));
  const band = area<NetBenefit>(
    ({ threshold }) => x(threshold),
    ({ netBenefit }) => inSight(netBenefit.low!),
    ({ netBenefit }) => inSight(netBenefit.high!),
  );
  const label = (index: number): Place => ({
    x: box.width - box.right + 12,
    y: box.top + 10 + 18 * index,
  });
  return {
    xName: 'threshold probability',
    yName: 'net benefit',
    xTicks: ticksOf(x, 1),
    yTicks: ticksOf(y, 2),
    floor,
    curves: drawn.map(({ arm, curve, model }, index) => ({
      arm,
      band: band(curve.filter(({ netBenefit: { low, high } }) => low !== null && high !== null)) ?? '',
      path: drawAbove(model),
      label: label(index),
    })),
    treatAll: {
      path: drawAbove(longest.map(({ threshold, treatAll }): Point => [threshold, treatAll])),
      label: label(drawn.length),
    },
    treatNone: {
      path: `M${x(0)},${y(0)}L${x(endOf(longest))},${y(0)}`,
      label: label(drawn.length + 1),
    },
  };
}

/** How the figure is read. @param level "95 % CI". */
export function decisionCurveNote({ floor }: DecisionCurveGeometry, level: string): string {
  return (
    'True positives per film less false positives per film, weighed by the odds of the threshold. ' +
    `Band: ${level} over patients. Nothing is drawn below ${formatNumber(floor, 2)}.`
  );
}

/** The pieces of a curve at or above a floor, cut where its straight lines cross it. */
export function cutAtFloor(points: readonly Point[], floor: number): Point[][] {
  const pieces: Point[][] = [];
  let piece: Point[] = [];
  points.forEach((point, index) => {
    const before = points[index - 1];
    if (before && before[1] < floor !== point[1] < floor) piece.push(crossing(before, point, floor));
    if (point[1] >= floor) piece.push(point);
    else if (piece.length > 0) {
      pieces.push(piece);
      piece = [];
    }
  });
  return piece.length > 0 ? [...pieces, piece] : pieces;
}

function crossing([x0, y0]: Point, [x1, y1]: Point, floor: number): Point {
  return [x0 + ((floor - y0) / (y1 - y0)) * (x1 - x0), floor];
}

function definedPoint({ threshold, netBenefit }: NetBenefit): Point[] {
  return netBenefit.value === null ? [] : [[threshold, netBenefit.value]];
}

function endOf(curve: readonly NetBenefit[]): number {
  return curve.at(-1)!.threshold;
}

function topsOf({ netBenefit, treatAll }: NetBenefit): number[] {
  return [netBenefit.value, netBenefit.high, treatAll].filter((value) => value !== null);
}
