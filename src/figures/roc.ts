/**
 * ROC curves with the operating point that was chosen on validation patients.
 */
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { Cell, RocPoint } from '../study/findings/findings.ts';
import type { ArmCurve } from './arm-curve.ts';
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
export interface RocGeometry extends AxisNames {
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** The line of chance. */
  readonly chance: string;
  /** Each marked at its operating point, where it has one; named at the height of a false positive rate of 0.5. */
  readonly curves: readonly ArmCurve[];
}

/** How the figure is read. */
export const rocNote =
  "Curve of the seeds' mean probability. Marker: operating point, chosen on validation patients (Youden). Dashed: chance.";

/** Lays the cells' ROC curves out in a box; cells without a curve are left out. */
export function layRoc(cells: readonly Cell[], box: PlotBox): RocGeometry {
  const x = scaleLinear().domain([0, 1]).range(horizontalRange(box));
  const y = scaleLinear().domain([0, 1]).range(verticalRange(box));
  const draw = line<RocPoint>(
    (point) => x(point.falsePositiveRate),
    (point) => y(point.sensitivity),
  );
  const drawn = cells.filter(({ roc }) => roc.length > 1);
  const heights = spreadLabels(
    drawn.map(({ roc }) => y(sensitivityAt(roc, 0.5))),
    15,
    box.top + 6,
    box.height - box.bottom,
  );
  return {
    xName: '1 \u2212 specificity',
    yName: 'sensitivity',
    xTicks: shareTicks(x),
    yTicks: shareTicks(y),
    chance: `M${x(0)},${y(0)}L${x(1)},${y(1)}`,
    curves: drawn.map(({ arm, roc, operatingPoint }, index) => ({
      arm,
      path: draw([...roc]) ?? '',
      marks: operatingPoint
        ? [
            {
              x: x(operatingPoint.falsePositiveRate),
              y: y(operatingPoint.sensitivity),
              words: `operating point: ${operatingWords(operatingPoint)}`,
            },
          ]
        : [],
      label: { x: box.width - box.right + 10, y: heights[index]! },
    })),
  };
}

/** "sensitivity 0.812, specificity 0.700". */
export function operatingWords({ sensitivity, falsePositiveRate }: RocPoint): string {
  return `sensitivity ${formatNumber(sensitivity)}, specificity ${formatNumber(1 - falsePositiveRate)}`;
}

/** The sensitivity of a ROC curve at a false positive rate, between its points in a straight line. */
export function sensitivityAt(roc: readonly RocPoint[], rate: number): number {
  for (let i = 1; i < roc.length; i++) {
    const [before, after] = [roc[i - 1]!, roc[i]!];
    if (after.falsePositiveRate < rate) continue;
    const width = after.falsePositiveRate - before.falsePositiveRate;
    const share = width > 0 ? (rate - before.falsePositiveRate) / width : 1;
    return before.sensitivity + share * (after.sensitivity - before.sensitivity);
  }
  return roc.at(-1)?.sensitivity ?? 0;
}
