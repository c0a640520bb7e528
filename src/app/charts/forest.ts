/**
 * A forest plot of paired differences in AUROC: one line a comparison, zero in sight always, the margin of no interest as a band.
 */
import { scaleLinear } from 'd3-scale';
import type { ArmName } from '../../study/config.ts';
import type { ComparedTo, Comparison } from '../../study/findings.ts';
import { horizontalRange, valueRange, type PlotBox, type Tick } from './plot-box.ts';

/** Height of one line, px. */
export const forestLineHeight = 26;

/** One comparison as it is drawn; `x` is null when the difference is undefined. */
export interface ForestLine {
  readonly arm: ArmName;
  readonly comparedTo: ComparedTo;
  readonly comparison: Comparison;
  readonly y: number;
  readonly x: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** The whole chart. */
export interface ForestGeometry {
  readonly height: number;
  readonly zero: number;
  readonly margin: { readonly x: number; readonly width: number };
  readonly xTicks: readonly Tick[];
  readonly lines: readonly ForestLine[];
}

/**
 * Lays comparisons out, one below the other.
 * @param margin differences in AUROC smaller than this are of no practical interest.
 */
export function layForest(
  comparisons: readonly Comparison[],
  margin: number,
  box: Omit<PlotBox, 'height'>,
): ForestGeometry {
  const height = box.top + comparisons.length * forestLineHeight + box.bottom;
  const ends = comparisons.flatMap(({ difference }) => [difference.value, difference.low, difference.high]);
  const x = scaleLinear()
    .domain(valueRange([...ends, 0, margin, -margin], 0.02, [-0.1, 0.1]))
    .range(horizontalRange({ ...box, height }));
  const place = (value: number | null): number | null => (value === null ? null : x(value));
  return {
    height,
    zero: x(0),
    margin: { x: x(-margin), width: x(margin) - x(-margin) },
    xTicks: x.ticks(6).map((value) => ({ at: x(value), text: signed(value) })),
    lines: comparisons.map((comparison, index) => ({
      arm: comparison.arm,
      comparedTo: comparison.comparedTo,
      comparison,
      y: box.top + (index + 0.5) * forestLineHeight,
      x: place(comparison.difference.value),
      low: place(comparison.difference.low),
      high: place(comparison.difference.high),
    })),
  };
}

function signed(value: number): string {
  const digits = Math.abs(value).toFixed(2);
  return Number(digits) === 0 ? '0' : `${value > 0 ? '+' : '\u2212'}${digits}`;
}
