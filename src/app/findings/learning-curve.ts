/**
 * Learning curves: a metric over the training size on a logarithmic axis, with bands for the interval over patients and dots for seeds.
 */
import { scaleLinear, scaleLog } from 'd3-scale';
import { area, line as pathOf } from 'd3-shape';
import type { ArmName } from '../../study/config.ts';
import type { Cell } from '../../study/findings/findings.ts';
import {
  horizontalRange,
  spreadLabels,
  valueRange,
  verticalRange,
  type PlotBox,
  type Tick,
} from '../shared/plot-box.ts';
import { counted } from '../shared/format.ts';

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
  readonly markers: readonly { readonly x: number; readonly y: number; readonly words: string }[];
  readonly seedDots: readonly { readonly x: number; readonly y: number; readonly words: string }[];
  /** The curve of each seed, in the order in which seeds come. */
  readonly seedPaths: readonly string[];
  readonly label: { readonly x: number; readonly y: number; readonly fromX: number; readonly fromY: number };
}

/** The whole chart. */
export interface LearningCurveGeometry<Line extends string = ArmName> {
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
  const x = scaleLog()
    .domain([(sizes[0] ?? 10) / 1.12, (sizes.at(-1) ?? 100) * 1.06])
    .range(horizontalRange(box));
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
    xTicks: sizes.map((n) => ({ at: x(n), text: String(n) })),
    yTicks: y.ticks(6).map((value) => ({ at: y(value), text: value.toFixed(2) })),
    curves: curves.map(({ line, points }, index) => {
      const last = points.at(-1)!;
      return {
        line,
        path:
          pathOf<CurvePoint>(
            ({ n }) => x(n),
            ({ value }) => y(value),
          )([...points]) ?? '',
        band:
          area<CurvePoint>(
            ({ n }) => x(n),
            ({ low, value }) => y(low ?? value),
            ({ high, value }) => y(high ?? value),
          )(points.filter(({ low, high }) => low !== null && high !== null)) ?? '',
        markers: points.map((point) => ({ x: x(point.n), y: y(point.value), words: wordsOf(point) })),
        seedDots: points.flatMap((point) =>
          point.seeds.map(({ seed, value }) => ({
            x: x(point.n),
            y: y(value),
            words: `seed ${seed}, ${counted(point.n, 'patient')}: ${value.toFixed(3)}`,
          })),
        ),
        seedPaths: seedCurves(points).map(
          (curve) =>
            pathOf<readonly [number, number]>(
              ([n]) => x(n),
              ([, value]) => y(value),
            )([...curve]) ?? '',
        ),
        label: { x: labelX, y: labels[index]!, fromX: x(last.n), fromY: y(last.value) },
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

function wordsOf({ n, value, low, high }: CurvePoint): string {
  const interval = low === null || high === null ? '' : ` (${low.toFixed(3)} to ${high.toFixed(3)})`;
  return `${counted(n, 'patient')}: ${value.toFixed(3)}${interval}`;
}
