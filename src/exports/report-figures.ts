/**
 * The report's figures as inline SVG: learning curves, a forest plot of paired differences, ROC curves. Pure functions of the findings.
 */
import type { Cell, Comparison, RocPoint } from '../study/findings.ts';
import { arms } from '../study/arms.ts';
import { referenceWords } from '../study/words.ts';
import { html, type Markup } from './html.ts';
import { signedWords } from './number-words.ts';

/** Colours that stay apart for colour-blind eyes (Okabe and Ito 2008, https://jfly.uni-koeln.de/color/), by arm. */
const armColours: Readonly<Record<Cell['arm'], string>> = {
  imageOnly: '#000000',
  textOnly: '#cc79a7',
  teacher: '#e69f00',
  student: '#0072b2',
  studentOfReport: '#56b4e9',
  selfDistilled: '#009e73',
  permutedReports: '#d55e00',
};

/** AUROC against training patients, with intervals over patients, one line an arm. @param cells of one label, tuning and encoder. */
export function learningCurves(cells: readonly Cell[]): Markup {
  const points = cells.filter((cell) => cell.metrics['auroc']?.value != null);
  const sizes = [...new Set(points.map((cell) => cell.trainingPatients))].sort((a, b) => a - b);
  const x = (size: number): number =>
    60 + (sizes.length < 2 ? 220 : (440 * sizes.indexOf(size)) / (sizes.length - 1));
  const y = linear([0, 1], [270, 20]);
  const shown = [...new Set(points.map((cell) => cell.arm))];
  const lines = shown.map((arm, i) => {
    const own = points
      .filter((cell) => cell.arm === arm)
      .sort((a, b) => a.trainingPatients - b.trainingPatients);
    const place = own.map((cell) => ({ cell, x: x(cell.trainingPatients) + 3 * (i - shown.length / 2) }));
    return html`<polyline
        fill="none"
        stroke="${armColours[arm]}"
        stroke-width="2"
        points="${place
          .map((at) => `${round(at.x)},${round(y(at.cell.metrics['auroc']!.value!))}`)
          .join(' ')}"
      />
      ${place.map((at) => whisker(at.cell, at.x, y))}`;
  });
  return html`<svg viewBox="0 0 720 310" role="img" aria-label="AUROC against training size">
    ${[0, 0.25, 0.5, 0.75, 1].map((tick) => gridLine(tick, y(tick), 50, 520))}
    ${sizes.map((size) => html`<text x="${round(x(size))}" y="290" text-anchor="middle">${size}</text>`)}
    <text x="280" y="306" text-anchor="middle">training patients</text>
    ${lines} ${legend(shown, 540)}
  </svg>`;
}

/** Paired differences in AUROC with their intervals around the line of no difference; the band is the margin of no interest. */
export function forestPlot(comparisons: readonly Comparison[], margin: number): Markup {
  const rows = comparisons.filter(({ difference }) => difference.low !== null && difference.high !== null);
  const reach =
    Math.max(margin, 0.01, ...rows.flatMap(({ difference: { low, high } }) => [-low!, high!])) * 1.05;
  const x = linear([-reach, reach], [330, 640]);
  const height = 40 + 24 * rows.length;
  return html`<svg viewBox="0 0 720 ${height + 24}" role="img" aria-label="Paired differences in AUROC">
    <rect
      x="${round(x(-margin))}"
      y="10"
      width="${round(x(margin) - x(-margin))}"
      height="${height - 24}"
      fill="#eee"
    />
    <line x1="${round(x(0))}" x2="${round(x(0))}" y1="10" y2="${height - 14}" stroke="#666" />
    ${rows.map((row, i) => forestRow(row, 30 + 24 * i, x))}
    ${[-reach, 0, reach].map(
      (tick) =>
        html`<text x="${round(x(tick))}" y="${height + 4}" text-anchor="middle">${signedWords(tick)}</text>`,
    )}
    <text x="485" y="${height + 20}" text-anchor="middle">difference in AUROC</text>
  </svg>`;
}

/** ROC curves, one an arm, with the operating points that validation chose. @param cells of one label, tuning, encoder and size. */
export function rocCurves(cells: readonly Cell[]): Markup {
  const x = linear([0, 1], [60, 330]);
  const y = linear([0, 1], [290, 20]);
  const place = (point: RocPoint): string =>
    `${round(x(point.falsePositiveRate))},${round(y(point.sensitivity))}`;
  const drawn = cells.filter(({ roc }) => roc.length > 0);
  return html`<svg viewBox="0 0 720 330" role="img" aria-label="ROC curves">
    ${[0, 0.5, 1].map((tick) => gridLine(tick, y(tick), 60, 330))}
    ${[0, 0.5, 1].map((tick) => html`<text x="${round(x(tick))}" y="306" text-anchor="middle">${tick}</text>`)}
    <text x="195" y="324" text-anchor="middle">1 − specificity</text>
    <line x1="60" y1="290" x2="330" y2="20" stroke="#999" stroke-dasharray="4 4" />
    ${drawn.map(
      ({ arm, roc, operatingPoint }) =>
        html`<polyline
            fill="none"
            stroke="${armColours[arm]}"
            stroke-width="1.8"
            points="${roc.map(place).join(' ')}"
          />
          ${operatingPoint ? dot(x(operatingPoint.falsePositiveRate), y(operatingPoint.sensitivity), armColours[arm]) : ''}`,
    )}
    ${legend(
      drawn.map(({ arm }) => arm),
      360,
    )}
  </svg>`;
}

function whisker(cell: Cell, x: number, y: (value: number) => number): Markup {
  const { value, low, high } = cell.metrics['auroc']!;
  const colour = armColours[cell.arm];
  const bar =
    low === null || high === null
      ? ''
      : html`<line
          x1="${round(x)}"
          x2="${round(x)}"
          y1="${round(y(low))}"
          y2="${round(y(high))}"
          stroke="${colour}"
        />`;
  return html`${bar}${dot(x, y(value!), colour)}`;
}

function forestRow(
  { arm, comparedTo, trainingSize, difference }: Comparison,
  y: number,
  x: (v: number) => number,
): Markup {
  const words = `${arms[arm].label} − ${referenceWords[comparedTo]}, n = ${trainingSize}`;
  return html`<text x="320" y="${y + 4}" text-anchor="end">${words}</text>
    <line
      x1="${round(x(difference.low!))}"
      x2="${round(x(difference.high!))}"
      y1="${y}"
      y2="${y}"
      stroke="${armColours[arm]}"
      stroke-width="2"
    />
    ${difference.value === null ? '' : dot(x(difference.value), y, armColours[arm])}`;
}

function gridLine(tick: number, y: number, from: number, to: number): Markup {
  return html`<line x1="${from}" x2="${to}" y1="${round(y)}" y2="${round(y)}" stroke="#ddd" />
    <text x="${from - 6}" y="${round(y + 4)}" text-anchor="end">${tick}</text>`;
}

function legend(shown: readonly Cell['arm'][], x: number): Markup {
  return html`${shown.map(
    (arm, i) =>
      html`<line
          x1="${x}"
          x2="${x + 18}"
          y1="${30 + 20 * i}"
          y2="${30 + 20 * i}"
          stroke="${armColours[arm]}"
          stroke-width="3"
        />
        <text x="${x + 24}" y="${34 + 20 * i}">${arms[arm].label}</text>`,
  )}`;
}

function dot(x: number, y: number, colour: string): Markup {
  return html`<circle cx="${round(x)}" cy="${round(y)}" r="3.5" fill="${colour}" />`;
}

function linear(
  [from, to]: readonly [number, number],
  [low, high]: readonly [number, number],
): (v: number) => number {
  return (value) => low + ((value - from) / (to - from)) * (high - low);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
