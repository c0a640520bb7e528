/**
 * ROC curves with the operating point that was chosen on validation patients.
 */
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { ArmName } from '../../study/config.ts';
import type { Cell, RocPoint } from '../../study/findings.ts';
import { horizontalRange, spreadLabels, verticalRange, type PlotBox, type Tick } from './plot-box.ts';

/** One arm's curve as it is drawn. */
export interface DrawnRoc {
  readonly arm: ArmName;
  readonly path: string;
  readonly operatingPoint: { readonly x: number; readonly y: number } | null;
  /** Where the arm's name stands: right of the box, at the height of the curve at a false positive rate of 0.5. */
  readonly label: { readonly x: number; readonly y: number };
}

/** The whole chart. */
export interface RocGeometry {
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** The line of chance. */
  readonly chance: string;
  readonly curves: readonly DrawnRoc[];
}

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
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  return {
    xTicks: ticks.map((value) => ({ at: x(value), text: value.toFixed(2) })),
    yTicks: ticks.map((value) => ({ at: y(value), text: value.toFixed(2) })),
    chance: `M${x(0)},${y(0)}L${x(1)},${y(1)}`,
    curves: drawn.map(({ arm, roc, operatingPoint }, index) => ({
      arm,
      path: draw([...roc]) ?? '',
      operatingPoint: operatingPoint && {
        x: x(operatingPoint.falsePositiveRate),
        y: y(operatingPoint.sensitivity),
      },
      label: { x: box.width - box.right + 10, y: heights[index]! },
    })),
  };
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
