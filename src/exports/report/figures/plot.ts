/**
 * What all figures of the report are drawn with: a frame with axes, lines, whiskers, markers, and a caption. Positions are px in the figure's
 * own coordinates, y downwards.
 */
import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { html, type HtmlValue, type Markup } from '../../html.ts';
import { fixedWords } from '../../number-words.ts';
import type { Look } from './looks.ts';

/** A scale from values to px. */
export type Scale = (value: number) => number;

/** The area inside the axes, px. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A tick of an axis: where it stands in px, and what is written there. */
export interface Tick {
  readonly at: number;
  readonly words: string;
}

/** What a figure is beside its drawing. */
export interface FigureWords {
  readonly title: string;
  /** Title and numbers for screen readers. */
  readonly alt: string;
  /** How to read it, with n. */
  readonly caption: string;
  readonly width: number;
  readonly height: number;
}

/** A figure with its caption. */
export function figure({ title, alt, caption, width, height }: FigureWords, drawing: HtmlValue): Markup {
  return html`<figure>
    <svg
      viewBox="0 0 ${width} ${round(height)}"
      style="max-width:${width}px"
      role="img"
      aria-label="${title}. ${alt}"
    >
      ${drawing}
    </svg>
    <figcaption><strong>${title}.</strong> ${caption}</figcaption>
  </figure>`;
}

/** In place of a figure that has nothing to show. */
export function noFigure(title: string, why: string): Markup {
  return html`<p class="soft"><strong>${title}:</strong> ${why}</p>`;
}

/** A linear scale around values, widened to round ends. @param within bounds that are not left, e.g. [0, 1]. */
export function scaleAround(
  values: readonly number[],
  range: readonly [number, number],
  within: readonly [number, number] = [-Infinity, Infinity],
): ScaleLinear<number, number> {
  const pad = Math.max(0.01, 0.04 * (Math.max(...values) - Math.min(...values)));
  const low = Math.max(within[0], Math.min(...values) - pad);
  const high = Math.min(within[1], Math.max(...values) + pad);
  return scaleLinear([low, high], range).nice(5);
}

/** Ticks of a linear scale. @param words prints a value. */
export function ticksOf(
  scale: ScaleLinear<number, number>,
  count = 5,
  words: (value: number) => string = tickWords,
): Tick[] {
  return scale.ticks(count).map((value) => ({ at: scale(value), words: words(value) }));
}

/** A value at a tick, with as many digits as it needs and a true minus. */
export function tickWords(value: number): string {
  return String(Number(value.toFixed(3))).replace('-', '\u2212');
}

/** A difference at a tick, with its sign. */
export function signedTickWords(value: number): string {
  return value > 0 ? `+${tickWords(value)}` : tickWords(value);
}

/** Lines across the area at the ticks, with their words at the left, and the axis' name. */
export function yAxis({ left, right, top, bottom }: Area, ticks: readonly Tick[], name: string): Markup {
  const middle = round((top + bottom) / 2);
  const at = left - 42;
  return html`${ticks.map(
      (tick) =>
        html`<line class="grid" x1="${left}" x2="${right}" y1="${round(tick.at)}" y2="${round(tick.at)}" />
          <text x="${left - 6}" y="${round(tick.at + 4)}" text-anchor="end">${tick.words}</text>`,
    )}<text x="${at}" y="${middle}" text-anchor="middle" transform="rotate(-90 ${at} ${middle})"
      >${name}</text
    >`;
}

/** The words of the ticks below the area, and the axis' name. */
export function xAxis({ left, right, bottom }: Area, ticks: readonly Tick[], name: string): Markup {
  return html`<line class="axis" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}" />
    ${ticks.map((tick) => html`<text x="${round(tick.at)}" y="${bottom + 16}" text-anchor="middle">${tick.words}</text>`)}
    <text x="${round((left + right) / 2)}" y="${bottom + 34}" text-anchor="middle">${name}</text>`;
}

/** A line through points. */
export function curve({ className, dash }: Look, points: readonly (readonly [number, number])[]): Markup {
  return html`<polyline
    class="line ${className}"
    stroke-dasharray="${dash || 'none'}"
    points="${placesOf(points)}"
  />`;
}

/** The area between two lines over the same x. */
export function band(
  { className }: Look,
  points: readonly { readonly x: number; readonly low: number; readonly high: number }[],
): Markup {
  const upper = points.map(({ x, high }) => [x, high] as const);
  const lower = points.map(({ x, low }) => [x, low] as const).reverse();
  return html`<polygon class="band ${className}" points="${placesOf([...upper, ...lower])}" />`;
}

/** A marker with its look's shape. */
export function mark({ className, marker }: Look, x: number, y: number): Markup {
  return html`<path
    class="mark ${className}"
    d="${marker}"
    transform="translate(${round(x)} ${round(y)})"
  />`;
}

/** An interval as a straight line. */
export function whisker(
  { className }: Pick<Look, 'className'>,
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
): Markup {
  return html`<line
    class="whisker ${className}"
    x1="${round(x1)}"
    y1="${round(y1)}"
    x2="${round(x2)}"
    y2="${round(y2)}"
  />`;
}

/** Looks with their names, one below the other. */
export function legend(looks: readonly Look[], x: number, y: number): Markup {
  return html`${looks.map((look, i) => {
    const at = y + 20 * i;
    return html`${curve(look, [
        [x, at],
        [x + 26, at],
      ])}${mark(look, x + 13, at)}<text x="${x + 34}" y="${at + 4}">${look.words}</text>`;
  })}`;
}

/** A number for an attribute. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** "Image only 0.701 (0.650 to 0.750)": a name with a number and its interval, for screen readers. */
export function spoken(
  name: string,
  {
    value,
    low,
    high,
  }: { readonly value: number | null; readonly low: number | null; readonly high: number | null },
): string {
  const interval = low === null || high === null ? '' : ` (${fixedWords(low)} to ${fixedWords(high)})`;
  return `${name} ${fixedWords(value)}${interval}`;
}

function placesOf(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
}
