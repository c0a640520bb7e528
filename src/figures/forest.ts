/**
 * A forest plot of paired differences in AUROC: one line a comparison, those of one arm (or pre-training) and training size together, zero in
 * sight always, the margin of no interest as a band.
 */
import { scaleLinear } from 'd3-scale';
import type { ComparedTo, Comparison } from '../study/findings/findings.ts';
import { differenceTick, horizontalRange, ticksOf, valueRange, type PlotBox, type Tick } from './plot-box.ts';

/** The box without its height, which grows with the lines. */
export const forestBox: Omit<PlotBox, 'height'> = { width: 960, left: 450, right: 180, top: 26, bottom: 44 };

/** Where the words before the plotting area begin, and where those behind it end, px. */
export const forestColumns = { name: 0, size: 258, reference: 316, difference: forestBox.width } as const;

/** References in the few words that a figure has room for. */
export const shortReferences: Readonly<Record<ComparedTo, string>> = {
  baseline: 'vs image only',
  selfDistilled: 'net of control',
  noPretraining: 'vs no pre-training',
  permutedPairs: 'net of shuffled pairs',
  withoutSelfSupervision: 'vs its report part alone',
};

/** Of the markers, px². */
export const forestMarkerArea = 56;

/** What the axis and the sides of zero are called. */
export const forestNames = { xName: 'difference in AUROC', sides: ['lower', 'higher'] } as const;

/** How the figure is read. */
export function forestNote(margin: number): string {
  return (
    'Each gain stands twice: solid, over the baseline; dashed and hollow, net of the self-distilled control, which alone is credited to the ' +
    `report. Thick: interval over patients. Thin: across seeds, too. Shaded: differences under ±${margin} are of no practical interest.`
  );
}

/** How the figure of pre-trainings is read. */
export function pretrainingForestNote(margin: number): string {
  return (
    'Solid: over no pre-training. Dashed and hollow: net of the same recipe on shuffled pairs, which alone is credited to the report, or over ' +
    `its report part alone. Thick: interval over patients. Thin: across seeds, too. Shaded: differences under ±${margin} are of no practical interest.`
  );
}

/** Height of one line, px. */
const lineHeight = 24;

/** Space between two arms or sizes, px. */
const groupGap = 8;

/** One comparison as it is drawn; `x` is null when the difference is undefined. */
export interface ForestLine {
  /** The arm, or what else lines are named after. */
  readonly line: string;
  /** True for a first gain, drawn solid; what stands beside it is dashed and hollow. */
  readonly first: boolean;
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
  readonly box: PlotBox;
  readonly zero: number;
  readonly margin: { readonly x: number; readonly width: number };
  readonly xTicks: readonly Tick[];
  readonly lines: readonly ForestLine[];
}

/**
 * Lays comparisons out, one below the other.
 * @param margin differences in AUROC smaller than this are of no practical interest. @param lineOf what lines are named after.
 */
export function layForest(
  comparisons: readonly Comparison[],
  margin: number,
  lineOf: (comparison: Comparison) => string = ({ arm }) => arm,
): ForestGeometry {
  const groups = groupsOf(comparisons, lineOf);
  const gaps = Math.max(0, groups.length - 1) * groupGap;
  const height = forestBox.top + comparisons.length * lineHeight + gaps + forestBox.bottom;
  const box = { ...forestBox, height };
  const ends = comparisons.flatMap(({ difference, acrossSeeds }) => [
    difference.value,
    difference.low,
    difference.high,
    acrossSeeds?.low ?? null,
    acrossSeeds?.high ?? null,
  ]);
  const x = scaleLinear()
    .domain(valueRange([...ends, 0, margin, -margin], 0.02, [-0.1, 0.1]))
    .range(horizontalRange(box));
  const place = (value: number | null): number | null => (value === null ? null : x(value));
  let y = box.top - groupGap;
  const lines = groups.flatMap((group) => {
    y += groupGap;
    return group.map((comparison, index): ForestLine => {
      y += lineHeight;
      const { comparedTo, difference, acrossSeeds } = comparison;
      return {
        line: lineOf(comparison),
        first: comparedTo === 'baseline' || comparedTo === 'noPretraining',
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
    box,
    zero: x(0),
    margin: { x: x(-margin), width: x(margin) - x(-margin) },
    xTicks: ticksOf(x, 2, differenceTick),
    lines,
  };
}

/** Comparisons of one line and training size together, in the order in which these come. */
function groupsOf(
  comparisons: readonly Comparison[],
  lineOf: (comparison: Comparison) => string,
): Comparison[][] {
  const groups = new Map<string, Comparison[]>();
  for (const comparison of comparisons) {
    const key = `${lineOf(comparison)}/${comparison.trainingSize}`;
    groups.set(key, [...(groups.get(key) ?? []), comparison]);
  }
  return [...groups.values()];
}
