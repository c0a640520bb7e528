/**
 * What all figures of the report are drawn with: a frame with its caption, axes, lines, bars and markers. Where they stand, and how they look,
 * is said in src/figures.
 */
import { layAxes, layXGrid, type Place } from '../../../figures/axes.ts';
import type { ArmCurve } from '../../../figures/arm-curve.ts';
import { armLook } from '../../../figures/arm-looks.ts';
import { ruleDashes } from '../../../figures/inks.ts';
import type { InkName } from '../../../study/arms/arm.ts';
import type { LineLook } from '../../../figures/line-look.ts';
import type { AxisNames, PlotBox, Tick } from '../../../figures/plot-box.ts';
import { html, type HtmlValue, type Markup } from '../../html.ts';
import { inkClass } from './ink-rules.ts';

/** What a figure is beside its drawing. */
export interface FigureWords {
  readonly title: string;
  /** Title and numbers for screen readers. */
  readonly alt: string;
  /** How to read it, with n. */
  readonly caption: string;
}

/** A figure with its caption. */
export function figure(
  { title, alt, caption }: FigureWords,
  { width, height }: Pick<PlotBox, 'width' | 'height'>,
  drawing: HtmlValue,
): Markup {
  return html`<figure>
    <svg
      viewBox="0 0 ${width} ${height}"
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

/** Two axes with their ticks and names. */
export function axes(
  box: PlotBox,
  {
    xTicks,
    yTicks,
    xName,
    yName,
  }: AxisNames & { readonly xTicks: readonly Tick[]; readonly yTicks: readonly Tick[] },
): Markup {
  const at = layAxes(box);
  return html`${yTicks.map(
      (tick) =>
        html`<line class="grid" x1="${at.left}" x2="${at.right}" y1="${tick.at}" y2="${tick.at}" />
          ${words(tick.text, { x: at.yTickX, y: tick.at }, 'end')}`,
    )}${xTicks.map(
      (tick) =>
        html`<line class="axis" x1="${tick.at}" x2="${tick.at}" y1="${at.bottom}" y2="${at.markEnd}" /><text
            x="${tick.at}"
            y="${at.xTickY}"
            text-anchor="middle"
            >${tick.text}</text
          >`,
    )}<line class="axis" x1="${at.left}" x2="${at.right}" y1="${at.bottom}" y2="${at.bottom}" /><text
      x="${at.xName.x}"
      y="${at.xName.y}"
      text-anchor="middle"
      >${xName}</text
    ><text transform="translate(${at.yName.x} ${at.yName.y}) rotate(-90)" text-anchor="middle"
      >${yName}</text
    >`;
}

/** The x axis of lines one below the other. @param rule x of the line that divides; null draws none. @param sides what lies on either side. */
export function xGrid(
  box: PlotBox,
  ticks: readonly Tick[],
  rule: number | null,
  name: string,
  sides: readonly [left: string, right: string] | null = null,
): Markup {
  const at = layXGrid(box);
  return html`${ticks.map(
      (tick) =>
        html`<line class="grid" x1="${tick.at}" x2="${tick.at}" y1="${box.top}" y2="${at.bottom}" /><text
            x="${tick.at}"
            y="${at.xTickY}"
            text-anchor="middle"
            >${tick.text}</text
          >`,
    )}${
      rule === null
        ? ''
        : html`<line class="axis" x1="${rule}" x2="${rule}" y1="${box.top}" y2="${at.bottom}" />`
    }${
      rule === null || sides === null
        ? ''
        : html`<text class="soft" x="${rule - at.sideGap}" y="${at.sideY}" text-anchor="end"
              >← ${sides[0]}</text
            ><text class="soft" x="${rule + at.sideGap}" y="${at.sideY}">${sides[1]} →</text>`
    }<text x="${at.name.x}" y="${at.name.y}" text-anchor="middle">${name}</text>`;
}

/** A line along a path. */
export function line({ ink, dash }: Pick<LineLook, 'ink' | 'dash'>, path: string): Markup {
  return html`<path class="line ${inkClass(ink)}" stroke-dasharray="${dash || 'none'}" d="${path}" />`;
}

/** A line that stands for no classifier. */
export function quietLine(path: string, dash: string = ruleDashes.guessing): Markup {
  return html`<path class="line quiet" stroke-dasharray="${dash}" d="${path}" />`;
}

/** The area of an interval along a path. */
export function band(ink: InkName, path: string): Markup {
  return html`<path class="band ${inkClass(ink)}" d="${path}" />`;
}

/** A marker. @param shape SVG path around (0, 0). @param hollow drawn as an outline. */
export function mark(ink: InkName, shape: string, { x, y }: Place, hollow = false): Markup {
  return html`<path
    class="${hollow ? 'hollow' : 'mark'} ${inkClass(ink)}"
    d="${shape}"
    transform="translate(${x} ${y})"
  />`;
}

/** An interval as a straight line. @param width of the line, px. */
export function bar(ink: InkName, from: Place, to: Place, { width = 1.4, dash = 'none' } = {}): Markup {
  return html`<line
    class="whisker ${inkClass(ink)}"
    stroke-width="${width}"
    stroke-dasharray="${dash}"
    x1="${from.x}"
    y1="${from.y}"
    x2="${to.x}"
    y2="${to.y}"
  />`;
}

/** Words whose middle stands at a height. */
export function words(
  text: HtmlValue,
  { x, y }: Place,
  anchor: 'start' | 'middle' | 'end' = 'start',
  soft = false,
): Markup {
  return html`<text
    class="${soft ? 'soft' : 'name'}"
    x="${x}"
    y="${y}"
    text-anchor="${anchor}"
    dominant-baseline="central"
    >${text}</text
  >`;
}

/** Curves of arms, each with its marks, its marker and its name at the right. @param markArea of the marks on the curves, px². */
export function armCurves(curves: readonly ArmCurve[], markArea = 64): Markup {
  return html`${curves.map(({ arm, path, marks, label }) => {
    const look = armLook(arm, 40);
    return html`${line(look, path)}${marks.map((at) => mark(look.ink, armLook(arm, markArea).marker, at))}${mark(
      look.ink,
      look.marker,
      label,
    )}${words(look.name, { x: label.x + 9, y: label.y })}`;
  })}`;
}
