/**
 * Reliability: the share of positive films against the mean probability, one small panel per arm, before and after temperature scaling.
 */
import { armStyles } from '../../../figures/arm-looks.ts';
import type { InkName } from '../../../study/arms/arm.ts';
import { formatEstimate, formatNumber } from '../../../figures/number-words.ts';
import {
  layReliability,
  panelBox,
  reliabilityNote,
  scaledLook,
  scaledNote,
  type ArmReliability,
} from '../../../figures/reliability.ts';
import type { Calibration, Cell } from '../../../study/findings/findings.ts';
import { html, type Markup } from '../../html.ts';
import { filmWords } from './film-words.ts';
import { inkClass } from './ink-rules.ts';
import { axes, bar, figure, line, noFigure, quietLine } from './plot.ts';

const perRow = 3;
const leastWidth = 480;

type Calibrated = Cell & { readonly calibration: Calibration };

/** The figure. @param cells of one label, setup and size. @param level "95 % CI". */
export function reliability(cells: readonly Cell[], level: string): Markup {
  const title = 'Reliability';
  const drawn = cells.filter((cell): cell is Calibrated => (cell.calibration?.bins.length ?? 0) > 0);
  if (drawn.length === 0) return noFigure(title, 'not measured, or not defined on these test patients.');
  const scaled = drawn.find(({ calibration }) => calibration.scaled !== null) ?? drawn[0]!;
  return figure(
    {
      title,
      alt: drawn.map(spokenCalibration).join('; '),
      caption: `${reliabilityNote(level)} ${scaledNote(scaled.calibration)} On ${filmWords(drawn)}.`,
    },
    {
      width: Math.max(leastWidth, Math.min(perRow, drawn.length) * panelBox.width),
      height: Math.ceil(drawn.length / perRow) * panelBox.height,
    },
    html`${drawn.map((cell, i) => {
      const x = (i % perRow) * panelBox.width;
      const y = Math.floor(i / perRow) * panelBox.height;
      return html`<g transform="translate(${x} ${y})">${panel(cell)}</g>`;
    })}`,
  );
}

function panel({ arm, calibration }: Calibrated): Markup {
  const { label, ink } = armStyles[arm];
  const geometry = layReliability(calibration, panelBox);
  return html`<text class="panel" x="${panelBox.left}" y="18">${label}</text>
    ${axes(panelBox, geometry)}${quietLine(geometry.diagonal)}${curve(geometry.asIs, ink, '', false)}${
      geometry.scaled ? curve(geometry.scaled, scaledLook.ink, scaledLook.dash, true) : ''
    }`;
}

function curve({ path, bins }: ArmReliability['asIs'], ink: InkName, dash: string, hollow: boolean): Markup {
  return html`${bins.map(({ x, low, high }) =>
    low === null || high === null ? '' : bar(ink, { x, y: low }, { x, y: high }, { width: 1 }),
  )}${line({ ink, dash }, path)}${bins.map(
    ({ x, y }) =>
      html`<circle class="${hollow ? 'hollow' : 'mark'} ${inkClass(ink)}" cx="${x}" cy="${y}" r="4" />`,
  )}`;
}

function spokenCalibration({ arm, calibration: { error, temperature, scaled } }: Calibrated): string {
  const mended = scaled
    ? `, after temperature ${formatNumber(temperature, 2)} ${formatEstimate(scaled.error)}`
    : '';
  return `${armStyles[arm].label}: ECE ${formatEstimate(error)}${mended}`;
}
