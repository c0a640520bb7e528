/**
 * A decision curve: net benefit over the threshold probability, beside treating all and treating none (Vickers & Elkin 2006, "Decision curve
 * analysis: a novel method for evaluating prediction models").
 */
import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { NetBenefit } from '../../study/findings/findings.ts';
import { horizontalRange, verticalRange, type PlotBox, type Tick } from '../shared/plot-box.ts';

/** The whole chart. */
export interface DecisionCurveGeometry {
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** Net benefit below which nothing is drawn. */
  readonly floor: number;
  readonly band: string;
  readonly model: string;
  readonly treatAll: string;
  readonly treatNone: string;
  /** Height of zero, px. */
  readonly zero: number;
}

type Point = readonly [threshold: number, netBenefit: number];

/** Net benefit has no lower bound as thresholds near 1; below this share of the highest value nothing is drawn. */
const floorShare = 0.25;

/** Lays a decision curve out; null where there is none. @param curve thresholds ascending. */
export function layDecisionCurve(curve: readonly NetBenefit[], box: PlotBox): DecisionCurveGeometry | null {
  const model = curve.flatMap(({ threshold, netBenefit }): Point[] =>
    netBenefit.value === null ? [] : [[threshold, netBenefit.value]],
  );
  if (model.length < 2) return null;
  const treatAll = curve.map((point): Point => [point.threshold, point.treatAll]);
  const top = Math.max(0.01, ...curve.flatMap(topsOf));
  const floor = -floorShare * top;
  const x = scaleLinear()
    .domain([0, curve.at(-1)!.threshold])
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
  const bounded = curve.filter(({ netBenefit: { low, high } }) => low !== null && high !== null);
  const inSight = (benefit: number): number => y(Math.max(floor, benefit));
  return {
    xTicks: x.ticks(6).map((value) => ({ at: x(value), text: value.toFixed(1) })),
    yTicks: y.ticks(6).map((value) => ({ at: y(value), text: value.toFixed(2).replace('-', '\u2212') })),
    floor,
    band:
      area<NetBenefit>(
        ({ threshold }) => x(threshold),
        ({ netBenefit }) => inSight(netBenefit.low!),
        ({ netBenefit }) => inSight(netBenefit.high!),
      )(bounded) ?? '',
    model: drawAbove(model),
    treatAll: drawAbove(treatAll),
    treatNone: `M${x(0)},${y(0)}L${x(curve.at(-1)!.threshold)},${y(0)}`,
    zero: y(0),
  };
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

function topsOf({ netBenefit, treatAll }: NetBenefit): number[] {
  return [netBenefit.value, netBenefit.high, treatAll].filter((value) => value !== null);
}
