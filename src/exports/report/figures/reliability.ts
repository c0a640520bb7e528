/**
 * Reliability: the share of positive films against the mean probability, one small panel per arm, before and after temperature scaling.
 */
import { scaleLinear } from 'd3-scale';
import type { Calibration, CalibrationPoint, Cell } from '../../../study/findings/findings.ts';
import { html, type Markup } from '../../html.ts';
import { estimateWords, fixedWords } from '../../number-words.ts';
import { filmWords } from './learning-curves.ts';
import { armLook, seriesLook, type Look } from './looks.ts';
import { curve, figure, legend, mark, noFigure, ticksOf, whisker, xAxis, yAxis, type Area } from './plot.ts';

const panel = { width: 270, height: 280 } as const;
const perRow = 3;
const area: Area = { left: 56, right: 256, top: 30, bottom: 230 };
const chance: Look = { words: '', className: 'quiet', dash: '4 4', marker: '' };

type Calibrated = Cell & { readonly calibration: Calibration };

/** @param cells of one label, setup and size. */
export function reliability(cells: readonly Cell[]): Markup {
  const title = 'Reliability';
  const drawn = cells.filter((cell): cell is Calibrated => (cell.calibration?.bins.length ?? 0) > 0);
  if (drawn.length === 0) return noFigure(title, 'not measured, or not defined on these test patients.');
  const rows = Math.ceil(drawn.length / perRow);
  const columns = Math.min(perRow, drawn.length);
  const looks = [before(), after()];
  return figure(
    {
      title,
      alt: drawn.map(spokenCalibration).join('; '),
      caption: `Share of positive films in bins of about equally many films, on ${filmWords(drawn)}; bars are Wilson intervals. On the dashed diagonal probabilities come true. The temperature was fitted on validation patients.`,
      width: Math.max(480, columns * panel.width),
      height: rows * panel.height + 30,
    },
    html`${drawn.map((cell, i) => {
      const x = (i % perRow) * panel.width;
      const y = Math.floor(i / perRow) * panel.height;
      return html`<g transform="translate(${x} ${y})">${onePanel(cell)}</g>`;
    })}${looks.map((look, i) => legend([look], area.left + 200 * i, rows * panel.height + 12))}`,
  );
}

function onePanel({ arm, calibration: { bins, scaled } }: Calibrated): Markup {
  const x = scaleLinear([0, 1], [area.left, area.right]);
  const y = scaleLinear([0, 1], [area.bottom, area.top]);
  const draw = (look: Look, points: readonly CalibrationPoint[]): Markup => {
    const known = points.filter(({ shareOfPositives }) => shareOfPositives.value !== null);
    const places = known.map((at) => [x(at.meanProbability), y(at.shareOfPositives.value!)] as const);
    return html`${known.map(({ meanProbability, shareOfPositives: { low, high } }) =>
      low === null || high === null
        ? ''
        : whisker(look, [x(meanProbability), y(low)], [x(meanProbability), y(high)]),
    )}${curve(look, places)}${places.map((place) => mark(look, ...place))}`;
  };
  return html`<text class="panel" x="${area.left}" y="18">${armLook(arm).words}</text>
    ${yAxis(area, ticksOf(y, 4), 'share positive')}${xAxis(area, ticksOf(x, 4), 'mean probability')}
    ${curve(chance, [
      [area.left, area.bottom],
      [area.right, area.top],
    ])}${draw(before(), bins)}${scaled ? draw(after(), scaled.bins) : ''}`;
}

function before(): Look {
  return seriesLook('as it is', 0);
}

function after(): Look {
  return seriesLook('after temperature scaling', 3);
}

function spokenCalibration({ arm, calibration: { error, temperature, scaled } }: Calibrated): string {
  const mended = scaled
    ? `, after temperature ${fixedWords(temperature)} ${estimateWords(scaled.error)}`
    : '';
  return `${armLook(arm).words}: ECE ${estimateWords(error)}${mended}`;
}
