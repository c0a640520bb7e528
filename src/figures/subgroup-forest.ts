/**
 * A forest plot of AUROC by group of test films, an arm a row in each group; of a single arm, beside the AUROC of all test films.
 */
import { scaleLinear } from 'd3-scale';
import type { ArmName } from '../study/arms/registry.ts';
import type { Cell, Estimate, Subgroup } from '../study/findings/findings.ts';
import type { Place } from './axes.ts';
import { counted } from './number-words.ts';
import { horizontalRange, ticksOf, valueRange, type PlotBox, type Tick } from './plot-box.ts';

/** The box without its height, which grows with the groups. */
export const subgroupBox: Omit<PlotBox, 'height'> = {
  width: 900,
  left: 330,
  right: 170,
  top: 8,
  bottom: 44,
};

/** Where words stand, px: what groups are by, the group's name, the end of its counts, the end of its AUROC. */
export const subgroupColumns = {
  by: 0,
  group: 14,
  counts: subgroupBox.left - 16,
  auroc: subgroupBox.width,
} as const;

/** Of the markers, px². */
export const subgroupMarkerArea = 56;

/** Height of a line of one arm, and what each further arm adds, px. */
const lineHeight = 24;
const rowHeight = 16;

/** Names of arms above the plot, side by side. */
const legendColumns = 3;
const legendHeight = 20;

/** One arm in a group as it is drawn; `x`, `low` and `high` are null where they are not defined. */
export interface SubgroupRow {
  readonly arm: ArmName;
  readonly y: number;
  readonly x: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly auroc: Estimate;
}

/** A group; its counts are the same for all arms. */
export interface SubgroupLine {
  readonly group: Subgroup;
  readonly y: number;
  readonly rows: readonly SubgroupRow[];
}

/** The whole figure. */
export interface SubgroupGeometry {
  readonly box: PlotBox;
  readonly xTicks: readonly Tick[];
  /** What groups are by, above the first line of each. */
  readonly headings: readonly { readonly by: string; readonly y: number }[];
  readonly lines: readonly SubgroupLine[];
  /** Names of arms, where there are several. */
  readonly legend: readonly (Place & { readonly arm: ArmName })[];
  /** Place of a single arm's AUROC of all test films; null of several arms, and where it is not defined. */
  readonly all: number | null;
  /** Place of 0.5, guessing; null where it is out of sight. */
  readonly guessing: number | null;
}

type ArmGroups = Pick<Cell, 'arm' | 'subgroups' | 'metrics'>;

/** Lays groups out under what they are by, in the order in which they come. @param cells of one label, setup and size; at least one. */
export function laySubgroups(cells: readonly ArmGroups[]): SubgroupGeometry {
  const legendRows = cells.length > 1 ? Math.ceil(cells.length / legendColumns) : 0;
  const top = subgroupBox.top + legendRows * legendHeight;
  const groupHeight = lineHeight + (cells.length - 1) * rowHeight;
  const { headings, places, end } = stackGroups(groupsOf(cells), top, groupHeight);
  const box = { ...subgroupBox, top, height: end + subgroupBox.bottom };
  const all = cells.length === 1 ? (cells[0]!.metrics['auroc']?.value ?? null) : null;
  const ends = cells.flatMap(({ subgroups }) =>
    subgroups.flatMap(({ auroc }) => [auroc.value, auroc.low, auroc.high]),
  );
  const x = scaleLinear()
    .domain(valueRange([...ends, all], 0.05, [0.5, 1]))
    .range(horizontalRange(box));
  const [least, most] = x.domain();
  return {
    box,
    xTicks: ticksOf(x, 2),
    headings,
    lines: places.map(({ group, y }) => ({ group, y, rows: rowsOf(group, y, cells, x) })),
    legend: legendRows > 0 ? cells.map(({ arm }, i) => ({ arm, ...legendPlace(i) })) : [],
    all: all === null ? null : x(all),
    guessing: least! <= 0.5 && most! >= 0.5 ? x(0.5) : null,
  };
}

/** Every group that an arm knows, once. */
function groupsOf(cells: readonly ArmGroups[]): Subgroup[] {
  const known = cells.flatMap(({ subgroups }) => subgroups.map((group) => [keyOf(group), group] as const));
  return [...new Map(known).values()];
}

/** Headings and groups, one below the other. @returns the end of the last, too. */
function stackGroups(
  groups: readonly Subgroup[],
  top: number,
  groupHeight: number,
): {
  readonly headings: SubgroupGeometry['headings'];
  readonly places: readonly { readonly group: Subgroup; readonly y: number }[];
  readonly end: number;
} {
  const headings: { by: string; y: number }[] = [];
  const places: { group: Subgroup; y: number }[] = [];
  let end = top;
  for (const by of new Set(groups.map((group) => group.by))) {
    headings.push({ by, y: end + lineHeight / 2 });
    end += lineHeight;
    for (const group of groups.filter((one) => one.by === by)) {
      places.push({ group, y: end + groupHeight / 2 });
      end += groupHeight;
    }
  }
  return { headings, places, end };
}

/** The rows of a group around its middle, an arm each; arms that do not know the group leave theirs empty. */
function rowsOf(
  group: Subgroup,
  middle: number,
  cells: readonly ArmGroups[],
  x: (auroc: number) => number,
): SubgroupRow[] {
  const place = (value: number | null): number | null => (value === null ? null : x(value));
  return cells.flatMap(({ arm, subgroups }, i) => {
    const auroc = subgroups.find((one) => keyOf(one) === keyOf(group))?.auroc;
    const y = middle + (i - (cells.length - 1) / 2) * rowHeight;
    return auroc
      ? [{ arm, y, x: place(auroc.value), low: place(auroc.low), high: place(auroc.high), auroc }]
      : [];
  });
}

function legendPlace(i: number): Place {
  return {
    x: 10 + (i % legendColumns) * (subgroupBox.width / legendColumns),
    y: subgroupBox.top + (Math.floor(i / legendColumns) + 0.5) * legendHeight,
  };
}

/** What the axis is called. */
export const subgroupAxisName = 'AUROC, test patients';

/** How the figure is read. @param level "95 % CI". */
export function subgroupNote({ all, lines }: SubgroupGeometry, level: string): string {
  return [
    `Counts: positive films of all films. Bars: ${level} over patients.`,
    ...(all === null ? [] : ['Dashed: all test films.']),
    ...(lines.some(({ group }) => group.small) ? [`⚠ ${smallWords}; do not read much into it.`] : []),
    'Many groups are looked at: one that differs may do so by chance.',
  ].join(' ');
}

/** What is said of a group with few films. */
export const smallWords = 'few: fewer than 10 positive or 10 negative films';

/** "5 of 20 films, 10 patients": positive films of all. */
export function groupCounts({ films, positives, patients }: Subgroup): string {
  return `${positives} of ${counted(films, 'film')}, ${counted(patients, 'patient')}`;
}

function keyOf({ by, group }: Subgroup): string {
  return JSON.stringify([by, group]);
}
