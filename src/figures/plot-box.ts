/**
 * The box that a figure is drawn in, and ticks of its axes. All lengths in px of the figure's own view box.
 */
import type { ScaleLinear } from 'd3-scale';
import { formatNumber, formatSigned } from './number-words.ts';

/** Size and margins of a figure. */
export interface PlotBox {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A square plotting area with room for the arms' names at the right. */
export const squareBox: PlotBox = { width: 620, height: 370, left: 56, right: 250, top: 12, bottom: 44 };

/** A tick: where, and what it says. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** What the axes of a figure are called. */
export interface AxisNames {
  readonly xName: string;
  readonly yName: string;
}

/** Left and right ends of the plotting area. */
export function horizontalRange(box: PlotBox): [number, number] {
  return [box.left, box.width - box.right];
}

/** Bottom and top of the plotting area, in that order: values grow upwards. */
export function verticalRange(box: PlotBox): [number, number] {
  return [box.height - box.bottom, box.top];
}

/** Ticks of an axis from 0 to 1. @param place a share's place, px. */
export function shareTicks(place: (share: number) => number): Tick[] {
  return [0, 0.25, 0.5, 0.75, 1].map((value) => ({ at: place(value), text: value.toFixed(2) }));
}

/**
 * About six ticks of a linear scale. @param digits after the point, more where ticks could not be told apart. @param words prints a value.
 */
export function ticksOf(
  scale: ScaleLinear<number, number>,
  digits: number,
  words: (value: number, digits: number) => string = formatNumber,
): Tick[] {
  const values = scale.ticks(6);
  const step = values.length > 1 ? values[1]! - values[0]! : 1;
  const needed = Math.max(digits, Math.ceil(-Math.log10(step) - 1e-9));
  return values.map((value) => ({ at: scale(value), text: words(value, needed) }));
}

/** A difference at a tick; zero is written without digits. */
export function differenceTick(value: number, digits: number): string {
  return Math.abs(value) < 1e-9 ? '0' : formatSigned(value, digits);
}

/**
 * Moves labels apart so that none covers another, keeping their order and staying between top and bottom where there is room.
 * @param wanted where each label would stand, in px.
 * @returns where each stands, in the order given.
 */
export function spreadLabels(wanted: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]!);
  const placed = [...wanted];
  let least = top;
  for (const index of order) {
    placed[index] = Math.max(wanted[index]!, least);
    least = placed[index] + gap;
  }
  let most = bottom;
  for (const index of order.toReversed()) {
    placed[index] = Math.min(placed[index]!, most);
    most = placed[index] - gap;
  }
  return placed;
}

/** The range of values with a little room, rounded outwards to steps; [low, high] when there is no value. */
export function valueRange(
  values: readonly (number | null)[],
  step: number,
  fallback: readonly [number, number],
): [number, number] {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return [...fallback];
  // The rounding of k · step must not add a step of its own.
  const low = Math.floor(Math.min(...known) / step + 1e-9) * step;
  const high = Math.ceil(Math.max(...known) / step - 1e-9) * step;
  return low === high ? [low - step, high + step] : [low, high];
}
