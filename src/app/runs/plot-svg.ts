/**
 * Curves over steps as an SVG file. uPlot paints on a canvas; a journal needs lines that print at any size.
 */
import { scaleLinear } from 'd3-scale';
import { html, type Markup } from '../../exports/html.ts';
import { horizontalRange, valueRange, verticalRange, type PlotBox } from '../../figures/plot-box.ts';

/** What is drawn. */
export interface PlotFigure {
  readonly title: string;
  readonly xName: string;
  /** Places on the x axis, ascending. */
  readonly places: readonly number[];
  readonly curves: readonly {
    readonly label: string;
    /** One per place; null where the curve has no point. */
    readonly values: readonly (number | null)[];
    readonly colour: string;
    readonly dash: readonly number[];
  }[];
  readonly ground: string;
  readonly ink: string;
}

const svgNamespace = 'http://www.w3.org/2000/svg';
const rowHeight = 18;
const plotHeight = 260;

/** The text of an SVG file, title and legend included. Points that are missing are bridged, as on the page. */
export function svgOfPlot({ title, xName, places, curves, ground, ink }: PlotFigure): string {
  const top = 16 + (curves.length + 1) * rowHeight;
  const box: PlotBox = { width: 720, height: top + plotHeight, left: 70, right: 20, top, bottom: 48 };
  const [left, right] = horizontalRange(box);
  const bottom = box.height - box.bottom;
  const x = scaleLinear()
    .domain([places[0] ?? 0, places.at(-1) ?? 1])
    .range([left, right]);
  const y = scaleLinear()
    .domain(
      valueRange(
        curves.flatMap(({ values }) => values),
        1e-3,
        [0, 1],
      ),
    )
    .nice(6)
    .range(verticalRange(box));
  const legend = curves.map(({ label, colour, dash }, i) => {
    const at = 10 + (i + 1.5) * rowHeight;
    return html`<line
        x1="${left}"
        x2="${left + 32}"
        y1="${at}"
        y2="${at}"
        stroke="${colour}"
        stroke-width="2"
        stroke-dasharray="${dash.join(' ')}"
      />
      <text x="${left + 40}" y="${at}" dominant-baseline="central" fill="${ink}">${label}</text>`;
  });
  const grid = y
    .ticks(6)
    .map(
      (tick) =>
        html`<line
            x1="${left}"
            x2="${right}"
            y1="${y(tick)}"
            y2="${y(tick)}"
            stroke="${ink}"
            stroke-opacity="0.15"
          />
          <text x="${left - 8}" y="${y(tick)}" text-anchor="end" dominant-baseline="central" fill="${ink}"
            >${y.tickFormat(6)(tick)}</text
          >`,
    );
  const marks = x
    .ticks(6)
    .map(
      (tick) =>
        html`<line x1="${x(tick)}" x2="${x(tick)}" y1="${bottom}" y2="${bottom + 4}" stroke="${ink}" />
          <text x="${x(tick)}" y="${bottom + 17}" text-anchor="middle" fill="${ink}"
            >${x.tickFormat(6)(tick)}</text
          >`,
    );
  const lines = curves.map((curve) => curveOf(curve, places, x, y));
  const drawing = html`<svg
    xmlns="${svgNamespace}"
    width="${box.width}"
    height="${box.height}"
    viewBox="0 0 ${box.width} ${box.height}"
    font-family="system-ui, sans-serif"
    font-size="12"
  >
    <rect width="${box.width}" height="${box.height}" fill="${ground}" />
    <text
      x="${left}"
      y="${10 + rowHeight / 2}"
      dominant-baseline="central"
      font-weight="600"
      font-size="13"
      fill="${ink}"
    >
      ${title}
    </text>
    ${legend}${grid}${marks}
    <line x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}" stroke="${ink}" />
    <text x="${(left + right) / 2}" y="${box.height - 8}" text-anchor="middle" fill="${ink}">${xName}</text>
    ${lines}
  </svg>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${drawing.text}\n`;
}

function curveOf(
  { values, colour, dash }: PlotFigure['curves'][number],
  places: readonly number[],
  x: (place: number) => number,
  y: (value: number) => number,
): Markup {
  const points = places.flatMap((place, i) => {
    const value = values[i] ?? null;
    return value === null ? [] : [[x(place), y(value)] as const];
  });
  if (points.length === 1)
    return html`<circle cx="${points[0]![0]}" cy="${points[0]![1]}" r="3" fill="${colour}" />`;
  const text = points.map(([a, b]) => `${a.toFixed(2)},${b.toFixed(2)}`).join(' ');
  return html`<polyline
    points="${text}"
    fill="none"
    stroke="${colour}"
    stroke-width="2"
    stroke-dasharray="${dash.join(' ')}"
  />`;
}
