/**
 * Learning curves: a metric over the training size, with bands for the interval over patients and dots for seeds.
 */
import { scaleLinear, scaleLog, scalePoint } from 'd3-scale';
import { area, line as pathOf } from 'd3-shape';
import type { ArmName } from '../study/arms/registry.ts';
import type { Cell } from '../study/findings/findings.ts';
import {
  horizontalRange,
  spreadLabels,
  ticksOf,
  valueRange,
  verticalRange,
  type AxisNames,
  type PlotBox,
  type Tick,
} from './plot-box.ts';
import { counted, formatEstimate, formatNumber } from './number-words.ts';

/** The box for one curve an arm. */
export const learningCurveBox: PlotBox = {
  width: 1040,
  height: 380,
  left: 56,
  right: 250,
  top: 12,
  bottom: 44,
};

/** The box for one curve a pre-training; it grows with their number, so that each has a line for its name. */
export function pretrainingBox(count: number): PlotBox {
  return { ...learningCurveBox, height: Math.max(360, 60 + 17 * count), right: 230 };
}

/** How the figure of arms is read. @param level "95 % CI". */
export function learningCurveNote(level: string): string {
  return `Line: mean over seeds. Band: ${level} over patients. Dots: single seeds.`;
}

/** How the figure of pre-trainings is read. @param level "95 % CI". */
export function pretrainingNote(level: string): string {
  return (
    'Line: mean over seeds of the image-only classifier. Dots: single seeds. Dotted: the control of the same colour, on shuffled pairs. ' +
    `Intervals over patients (${level}) stand in the table.`
  );
}

/** Sizes closer than this would cover each other's words, px. */
const leastGap = 36;

/** Between lines that stand at the same single size, px. */
const singleGap = 9;

/** One point of a curve. */
export interface CurvePoint {
  readonly n: number;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Of seeds whose value is defined. */
  readonly seeds: readonly { readonly seed: number; readonly value: number }[];
}

/** The curve of an arm, or of whatever else a line stands for, by growing n. */
export interface Curve<Line extends string = ArmName> {
  readonly line: Line;
  readonly points: readonly CurvePoint[];
}

/** A curve as it is drawn. */
export interface DrawnCurve<Line extends string = ArmName> {
  readonly line: Line;
  readonly path: string;
  readonly band: string;
  /** Intervals as bars, where a single size leaves no width for a band. */
  readonly bars: readonly { readonly x: number; readonly low: number; readonly high: number }[];
  readonly markers: readonly { readonly x: number; readonly y: number; readonly words: string }[];
  readonly seedDots: readonly { readonly x: number; readonly y: number; readonly words: string }[];
  /** The curve of each seed, in the order in which seeds come. */
  readonly seedPaths: readonly string[];
  readonly label: { readonly x: number; readonly y: number; readonly fromX: number; readonly fromY: number };
}

/** The whole chart. */
export interface LearningCurveGeometry<Line extends string = ArmName> extends AxisNames {
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly curves: readonly DrawnCurve<Line>[];
}

/** The AUROC curves of cells that differ in arm and training size only; what is undefined is left out. */
export function curvesOf(cells: readonly Cell[], metric = 'auroc'): Curve[] {
  return curvesBy(cells, ({ arm }) => arm, metric);
}

/** A curve for each value of `lineOf`, in the order in which they come. */
export function curvesBy<Line extends string>(
  cells: readonly Cell[],
  lineOf: (cell: Cell) => Line,
  metric = 'auroc',
): Curve<Line>[] {
  return [...new Set(cells.map(lineOf))].map((line) => ({
    line,
    points: cells
      .filter((cell) => lineOf(cell) === line)
      .flatMap((cell): CurvePoint[] => {
        const estimate = cell.metrics[metric];
        if (!estimate || estimate.value === null) return [];
        return [
          {
            n: cell.trainingPatients,
            value: estimate.value,
            low: estimate.low,
            high: estimate.high,
            seeds: metric === 'auroc' ? cell.seeds.flatMap(seedValue) : [],
          },
        ];
      })
      .sort((a, b) => a.n - b.n),
  }));
}

/** Lays the curves out in a box. */
export function layLearningCurves<Line extends string>(
  all: readonly Curve<Line>[],
  box: PlotBox,
): LearningCurveGeometry<Line> {
  const curves = all.filter(({ points }) => points.length > 0);
  const sizes = [...new Set(curves.flatMap(({ points }) => points.map(({ n }) => n)))].sort((a, b) => a - b);
  const values = curves.flatMap(({ points }) =>
    points.flatMap((point) => [point.value, point.low, point.high, ...point.seeds.map(({ value }) => value)]),
  );
  const { x, xName } = placeSizes(sizes, box);
  const y = scaleLinear()
    .domain(valueRange(values, 0.05, [0.5, 1]))
    .range(verticalRange(box));
  const labels = spreadLabels(
    curves.map(({ points }) => y(points.at(-1)!.value)),
    15,
    box.top + 4,
    box.height - box.bottom - 2,
  );
  const labelX = box.width - box.right + 14;
  return {
    xName,
    yName: 'AUROC, test patients',
    xTicks: sizes.map((n) => ({ at: x(n), text: String(n) })),
    yTicks: ticksOf(y, 2),
    curves: curves.map(({ line, points }, index) => {
      const last = points.at(-1)!;
      const shift = sizes.length === 1 ? singleGap * (index - (curves.length - 1) / 2) : 0;
      const at = (n: number): number => x(n) + shift;
      const bounded = points.filter(isBounded);
      return {
        line,
        path:
          pathOf<CurvePoint>(
            ({ n }) => at(n),
            ({ value }) => y(value),
          )([...points]) ?? '',
        band:
          area<BoundedPoint>(
            ({ n }) => at(n),
            ({ low }) => y(low),
            ({ high }) => y(high),
          )(bounded) ?? '',
        bars:
          sizes.length === 1
            ? bounded.map(({ n, low, high }) => ({ x: at(n), low: y(low), high: y(high) }))
            : [],
        markers: points.map((point) => ({ x: at(point.n), y: y(point.value), words: wordsOf(point) })),
        seedDots: points.flatMap((point) =>
          point.seeds.map(({ seed, value }) => ({
            x: at(point.n),
            y: y(value),
            words: `seed ${seed}, ${counted(point.n, 'patient')}: ${formatNumber(value)}`,
          })),
        ),
        seedPaths: seedCurves(points).map(
          (curve) =>
            pathOf<readonly [number, number]>(
              ([n]) => at(n),
              ([, value]) => y(value),
            )([...curve]) ?? '',
        ),
        label: { x: labelX, y: labels[index]!, fromX: at(last.n), fromY: y(last.value) },
      };
    }),
  };
}

function seedValue({ seed, auroc }: Cell['seeds'][number]): CurvePoint['seeds'] {
  return auroc === null ? [] : [{ seed, value: auroc }];
}

/** Each seed's (n, value). */
function seedCurves(points: readonly CurvePoint[]): (readonly (readonly [number, number])[])[] {
  const seeds = [...new Set(points.flatMap((point) => point.seeds.map(({ seed }) => seed)))];
  return seeds.map((wanted) =>
    points.flatMap(({ n, seeds: all }) =>
      all.filter(({ seed }) => seed === wanted).map(({ value }) => [n, value] as const),
    ),
  );
}

function wordsOf(point: CurvePoint): string {
  return `${counted(point.n, 'patient')}: ${formatEstimate(point)}`;
}

type BoundedPoint = CurvePoint & { readonly low: number; readonly high: number };

function isBounded(point: CurvePoint): point is BoundedPoint {
  return point.low !== null && point.high !== null;
}

/** Sizes on a logarithmic axis; evenly side by side where the words of two would cover each other. */
function placeSizes(
  sizes: readonly number[],
  box: PlotBox,
): { readonly x: (size: number) => number; readonly xName: string } {
  const range = horizontalRange(box);
  const log = scaleLog()
    .domain([(sizes[0] ?? 10) / 1.12, (sizes.at(-1) ?? 100) * 1.06])
    .range(range);
  const near = sizes.some((size, i) => i > 0 && log(size) - log(sizes[i - 1]!) < leastGap);
  const scaled = sizes.length > 1 ? ' (log scale)' : '';
  if (sizes[0] !== 0 && !near) return { x: log, xName: `training patients${scaled}` };
  const even = scalePoint(sizes, range).padding(0.5);
  return { x: (size) => even(size)!, xName: 'training patients' };
}
