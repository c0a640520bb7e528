/**
 * Precision-recall curves with the operating point that was chosen on validation patients, and the prevalence that guessing reaches.
 */
import { scaleLinear } from 'd3-scale';
import { curveStepBefore, line } from 'd3-shape';
import type { Cell, PrecisionRecall } from '../study/findings/findings.ts';
import type { ArmCurve, CurveMark } from './arm-curve.ts';
import { formatNumber } from './number-words.ts';
import {
  horizontalRange,
  shareTicks,
  spreadLabels,
  verticalRange,
  type AxisNames,
  type PlotBox,
  type Tick,
} from './plot-box.ts';

/** The whole chart. */
export interface PrecisionRecallGeometry extends AxisNames {
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** Precision of calling films positive at random: the share of positive films; null without test films. */
  readonly guessing: { readonly path: string; readonly share: number } | null;
  /** Each marked at its operating point, where it has one; named at the height of a recall of 0.5. */
  readonly curves: readonly ArmCurve[];
}

/**
 * Lays the cells' precision-recall curves out in a box; cells without a curve are left out. Curves are steps, for precision is not linear in
 * recall between two thresholds (Davis & Goadrich 2006, "The relationship between precision-recall and ROC curves").
 */
export function layPrecisionRecall(cells: readonly Cell[], box: PlotBox): PrecisionRecallGeometry {
  const x = scaleLinear().domain([0, 1]).range(horizontalRange(box));
  const y = scaleLinear().domain([0, 1]).range(verticalRange(box));
  const draw = line<PrecisionRecall>(
    ({ recall }) => x(recall),
    ({ precision }) => y(precision),
  ).curve(curveStepBefore);
  const drawn = cells.filter(({ precisionRecall }) => precisionRecall.length > 1);
  const heights = spreadLabels(
    drawn.map(({ precisionRecall }) => y(precisionAt(precisionRecall, 0.5))),
    15,
    box.top + 6,
    box.height - box.bottom,
  );
  const [first] = drawn;
  const share = first && first.testFilms > 0 ? first.testPositives / first.testFilms : null;
  return {
    xName: 'recall',
    yName: 'precision',
    xTicks: shareTicks(x),
    yTicks: shareTicks(y),
    guessing: share === null ? null : { path: `M${x(0)},${y(share)}L${x(1)},${y(share)}`, share },
    curves: drawn.map((cell, index) => {
      const point = operatingPrecision(cell);
      const marks: CurveMark[] = point
        ? [{ x: x(point.recall), y: y(point.precision), words: wordsOf(point) }]
        : [];
      return {
        arm: cell.arm,
        path: draw([...cell.precisionRecall]) ?? '',
        marks,
        label: { x: box.width - box.right + 10, y: heights[index]! },
      };
    }),
  };
}

/** How the figure is read. */
export function precisionRecallNote({ guessing }: PrecisionRecallGeometry): string {
  const dashed = guessing
    ? ` Dashed: ${formatNumber(guessing.share, 2)}, the share of positive films, which guessing reaches.`
    : '';
  return `Curve of the seeds' mean probability. Marker: operating point, chosen on validation patients (Youden).${dashed}`;
}

/** The precision of a curve at a recall in [0, 1]: that of the first point that reaches it. @param curve recall ascending. */
export function precisionAt(curve: readonly PrecisionRecall[], recall: number): number {
  return (curve.find((point) => point.recall >= recall) ?? curve.at(-1))?.precision ?? 0;
}

/**
 * Recall and precision at the operating point: true positives over all called positive, from sensitivity, false positive rate and the counts
 * of test films. Null without an operating point, and where nothing is called positive.
 */
export function operatingPrecision({
  operatingPoint,
  testPositives,
  testFilms,
}: Pick<Cell, 'operatingPoint' | 'testPositives' | 'testFilms'>): PrecisionRecall | null {
  if (!operatingPoint) return null;
  const truePositives = operatingPoint.sensitivity * testPositives;
  const called = truePositives + operatingPoint.falsePositiveRate * (testFilms - testPositives);
  return called > 0 ? { recall: operatingPoint.sensitivity, precision: truePositives / called } : null;
}

function wordsOf({ recall, precision }: PrecisionRecall): string {
  return `operating point: recall ${formatNumber(recall)}, precision ${formatNumber(precision)}`;
}
