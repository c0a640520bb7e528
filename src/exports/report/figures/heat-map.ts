/**
 * Validation AUROC of each λ and τ: the mean AUROC over seeds in each field, and how many seeds chose it.
 */
import { armStyles } from '../../../figures/arm-looks.ts';
import { heatMapNote, layHeatMap, type HeatMapCell } from '../../../figures/heat-map.ts';
import { counted, formatNumber, sizeWords } from '../../../figures/number-words.ts';
import type { CandidateGrid, GridCandidate } from '../../../study/findings/findings.ts';
import { html, type Markup } from '../../html.ts';
import { axes, figure, noFigure } from './plot.ts';

/** One grid of candidates. @param range validation AUROC from the lowest to the highest of all grids shown together. */
export function heatMap(grid: CandidateGrid, range: readonly [number, number] | null): Markup {
  const title = `λ × τ on validation patients: ${armStyles[grid.arm].label}, ${sizeWords(grid.trainingSize)}`;
  if (grid.candidates.length === 0) return noFigure(title, 'no candidate is finished.');
  const geometry = layHeatMap(grid, range);
  return figure(
    {
      title,
      alt: grid.candidates.map(spokenCandidate).join('; '),
      caption: `${heatMapNote} Of several weight decays the best for each seed.`,
    },
    geometry.box,
    html`${axes(geometry.box, geometry)}${geometry.cells.map(drawField)}`,
  );
}

function drawField({ x, y, width, height, fill, ink, words }: HeatMapCell): Markup {
  const colour = ink ? `fill:${ink}` : '';
  return html`<rect
      class="${fill ? 'field' : 'empty'}"
      x="${x + 1}"
      y="${y + 1}"
      width="${width - 2}"
      height="${height - 2}"
      fill="${fill ?? 'none'}"
    />
    ${words.map(
      ({ text, y: middle }) =>
        html`<text
          style="${colour}"
          x="${x + width / 2}"
          y="${middle}"
          text-anchor="middle"
          dominant-baseline="central"
          >${text}</text
        >`,
    )}`;
}

function spokenCandidate({ lambda, temperature, validationAuroc, chosenBy, seeds }: GridCandidate): string {
  const chosen = chosenBy > 0 ? `, chosen by ${chosenBy} of ${counted(seeds, 'seed')}` : '';
  return `λ ${lambda}, τ ${temperature}: ${formatNumber(validationAuroc)}${chosen}`;
}
