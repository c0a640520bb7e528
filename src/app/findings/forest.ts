/**
 * A forest plot of paired differences in AUROC: one line per comparison, those of one arm and training size together, zero in sight always,
 * the margin of no interest as a band.
 */
import { scaleLinear } from 'd3-scale';
import type { ArmName } from '../../study/config.ts';
import type { ComparedTo, Comparison } from '../../study/findings/findings.ts';
import { horizontalRange, valueRange, type PlotBox, type Tick } from '../shared/plot-box.ts';

/** Height of one line, px. */
const lineHeight = 24;

/** Space between two arms or sizes, px. */
const groupGap = 8;

/** One comparison as it is drawn; `x` is null when the difference is undefined. */
export interface ForestLine {
  readonly arm: ArmName;
  readonly comparedTo: ComparedTo;
  readonly comparison: Comparison;
  /** True for the first line of an arm and training size, which bears their names. */
  readonly leads: boolean;
  readonly y: number;
  readonly x: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The interval when seeds, too, are a sample; null without one. */
  readonly acrossSeeds: { readonly low: number; readonly high: number } | null;
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
  const groups = groupsOf(comparisons);
  const gaps = Math.max(0, groups.length - 1) * groupGap;
  const height = box.top + comparisons.length * lineHeight + gaps + box.bottom;
  const ends = comparisons.flatMap(({ difference, acrossSeeds }) => [
    difference.value,
    difference.low,
    difference.high,
    acrossSeeds?.low ?? null,
    acrossSeeds?.high ?? null,
  ]);
  const x = scaleLinear()
    .domain(valueRange([...ends, 0, margin, -margin], 0.02, [-0.1, 0.1]))
    .range(horizontalRange({ ...box, height }));
  const place = (value: number | null): number | null => (value === null ? null : x(value));
  let y = box.top - groupGap;
  const lines = groups.flatMap((group) => {
    y += groupGap;
    return group.map((comparison, index): ForestLine => {
      y += lineHeight;
      const { arm, comparedTo, difference, acrossSeeds } = comparison;
      return {
        arm,
        comparedTo,
        comparison,
        leads: index === 0,
        y: y - lineHeight / 2,
        x: place(difference.value),
        low: place(difference.low),
        high: place(difference.high),
        acrossSeeds: acrossSeeds && { low: x(acrossSeeds.low), high: x(acrossSeeds.high) },
      };
    });
  });
  return {
    height,
    zero: x(0),
    margin: { x: x(-margin), width: x(margin) - x(-margin) },
    xTicks: x.ticks(6).map((value) => ({ at: x(value), text: signed(value) })),
    lines,
  };
}

/** Comparisons of one arm and training size together, in the order in which these come. */
function groupsOf(comparisons: readonly Comparison[]): Comparison[][] {
  const groups = new Map<string, Comparison[]>();
  for (const comparison of comparisons) {
    const key = `${comparison.arm}/${comparison.trainingSize}`;
    groups.set(key, [...(groups.get(key) ?? []), comparison]);
  }
  return [...groups.values()];
}

function signed(value: number): string {
  const digits = Math.abs(value).toFixed(2);
  return Number(digits) === 0 ? '0' : `${value > 0 ? '+' : '\u2212'}${digits}`;
}
