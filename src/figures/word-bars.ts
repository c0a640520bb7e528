/**
 * Diverging bars of word weights: one line a word, zero in the middle, words for the label to the right.
 */
import { scaleLinear } from 'd3-scale';
import type { WordWeight } from '../training/word-weights.ts';
import type { InkName } from '../study/arms/arm.ts';
import { horizontalRange, type PlotBox, type Tick } from './plot-box.ts';

/** Height of one line, px. */
export const wordLineHeight = 20;

/** The inks of words for the label and of those against it. */
export const wordInks = { for: 'blue', against: 'vermilion' } as const satisfies Record<string, InkName>;

/** One word as it is drawn, px. */
export interface WordBar {
  readonly word: WordWeight;
  readonly y: number;
  /** Left end and length of the bar. */
  readonly x: number;
  readonly width: number;
}

/** The whole chart. */
export interface WordBarGeometry {
  readonly height: number;
  readonly zero: number;
  readonly xTicks: readonly Tick[];
  readonly bars: readonly WordBar[];
}

/** Lays words out, one below the other, in the order given; the axis reaches as far to either side. */
export function layWordBars(words: readonly WordWeight[], box: Omit<PlotBox, 'height'>): WordBarGeometry {
  const height = box.top + words.length * wordLineHeight + box.bottom;
  const most = Math.max(...words.map(({ weight }) => Math.abs(weight)), 1e-6);
  const x = scaleLinear()
    .domain([-most, most])
    .range(horizontalRange({ ...box, height }));
  return {
    height,
    zero: x(0),
    xTicks: x.ticks(5).map((value) => ({ at: x(value), text: x.tickFormat(5)(value) })),
    bars: words.map((word, index) => ({
      word,
      y: box.top + (index + 0.5) * wordLineHeight,
      x: x(Math.min(0, word.weight)),
      width: Math.abs(x(word.weight) - x(0)),
    })),
  };
}
