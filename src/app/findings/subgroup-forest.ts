/**
 * A forest plot of AUROC by group of test films, beside the AUROC of all of them.
 */
import { scaleLinear } from 'd3-scale';
import type { Subgroup } from '../../study/findings/findings.ts';
import { horizontalRange, valueRange, type PlotBox, type Tick } from '../shared/plot-box.ts';

/** Height of one line, px. */
const lineHeight = 24;

/** A group as it is drawn; `x`, `low` and `high` are null where they are not defined. */
export interface SubgroupLine {
  readonly group: Subgroup;
  readonly y: number;
  readonly x: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** The whole chart. */
export interface SubgroupGeometry {
  readonly height: number;
  readonly xTicks: readonly Tick[];
  /** What groups are by, above the first line of each. */
  readonly headings: readonly { readonly by: string; readonly y: number }[];
  readonly lines: readonly SubgroupLine[];
  /** Place of the AUROC of all test films; null where it is not defined. */
  readonly all: number | null;
  /** Place of 0.5, guessing; null where it is out of sight. */
  readonly guessing: number | null;
}

/** Lays groups out under what they are by, in the order in which they come. @param all AUROC of all test films. */
export function laySubgroups(
  groups: readonly Subgroup[],
  all: number | null,
  box: Omit<PlotBox, 'height'>,
): SubgroupGeometry {
  const kinds = [...new Set(groups.map(({ by }) => by))];
  const ordered = kinds.flatMap((by) => groups.filter((group) => group.by === by));
  const height = box.top + (ordered.length + kinds.length) * lineHeight + box.bottom;
  const ends = ordered.flatMap(({ auroc }) => [auroc.value, auroc.low, auroc.high]);
  const x = scaleLinear()
    .domain(valueRange([...ends, all], 0.05, [0.5, 1]))
    .range(horizontalRange({ ...box, height }));
  const place = (value: number | null): number | null => (value === null ? null : x(value));
  const [least, most] = x.domain();
  const rowOf = (index: number, by: string): number =>
    box.top + (index + kinds.indexOf(by) + 1.5) * lineHeight;
  return {
    height,
    xTicks: x.ticks(6).map((value) => ({ at: x(value), text: value.toFixed(2) })),
    headings: kinds.map((by) => ({
      by,
      y:
        rowOf(
          ordered.findIndex((group) => group.by === by),
          by,
        ) - lineHeight,
    })),
    lines: ordered.map((group, index) => ({
      group,
      y: rowOf(index, group.by),
      x: place(group.auroc.value),
      low: place(group.auroc.low),
      high: place(group.auroc.high),
    })),
    all: place(all),
    guessing: least! <= 0.5 && most! >= 0.5 ? x(0.5) : null,
  };
}
