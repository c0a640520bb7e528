/**
 * Where ticks, names and rules of axes stand around the plotting area, px.
 */
import type { PlotBox } from './plot-box.ts';

/** A place in a figure. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Of a figure with two axes. */
export interface AxesGeometry {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  /** Lower end of the small marks of the x axis. */
  readonly markEnd: number;
  /** Baseline of the words of x ticks. */
  readonly xTickY: number;
  /** Right end of the words of y ticks. */
  readonly yTickX: number;
  /** Middles of the axes' names; that of the y axis stands upright. */
  readonly xName: Place;
  readonly yName: Place;
}

/** Lays out what stands around two axes. */
export function layAxes(box: PlotBox): AxesGeometry {
  const right = box.width - box.right;
  const bottom = box.height - box.bottom;
  return {
    left: box.left,
    right,
    bottom,
    markEnd: bottom + 4,
    xTickY: bottom + 17,
    yTickX: box.left - 8,
    xName: { x: (box.left + right) / 2, y: box.height - 6 },
    yName: { x: 13, y: (box.top + bottom) / 2 },
  };
}

/** Of a figure of lines one below the other, with an x axis alone. */
export interface XGridGeometry {
  readonly bottom: number;
  readonly xTickY: number;
  readonly name: Place;
  /** Baseline of what the sides of the rule are called, and how far from the rule they stand. */
  readonly sideY: number;
  readonly sideGap: number;
}

/** Lays out what stands around a single axis. */
export function layXGrid(box: PlotBox): XGridGeometry {
  const bottom = box.height - box.bottom;
  return {
    bottom,
    xTickY: bottom + 16,
    name: { x: (box.left + box.width - box.right) / 2, y: box.height - 8 },
    sideY: 16,
    sideGap: 8,
  };
}
