/**
 * The forest plot of AUROC by group of the test films, arms below each other in each group.
 */
import { armLook, armStyles } from '../../../figures/arm-looks.ts';
import { ruleDashes } from '../../../figures/inks.ts';
import type { InkName } from '../../../study/arms/arm.ts';
import { formatEstimate } from '../../../figures/number-words.ts';
import type { PlotBox } from '../../../figures/plot-box.ts';
import {
  groupCounts,
  laySubgroups,
  subgroupAxisName,
  subgroupColumns as columns,
  subgroupMarkerArea,
  subgroupNote,
  type SubgroupLine,
  type SubgroupRow,
} from '../../../figures/subgroup-forest.ts';
import type { Cell } from '../../../study/findings/findings.ts';
import { html, type Markup } from '../../html.ts';
import { bar, figure, mark, noFigure, words, xGrid } from './plot.ts';

/** The figure. @param cells of one label, setup and size. @param level "95 % CI". */
export function subgroupForest(cells: readonly Cell[], level: string): Markup {
  const title = 'AUROC by group of test films';
  const drawn = cells.filter(({ subgroups }) => subgroups.some(({ auroc }) => auroc.value !== null));
  if (drawn.length === 0)
    return noFigure(title, 'no group of the test films is known, or none has both classes.');
  const geometry = laySubgroups(drawn);
  const { box, headings, lines, legend, all, guessing, xTicks } = geometry;
  return figure(
    { title, alt: lines.map(spokenGroup).join('; '), caption: subgroupNote(geometry, level) },
    box,
    html`${legend.map(({ arm, x, y }) => {
      const { ink, marker, name } = armLook(arm);
      return html`${mark(ink, marker, { x, y })}${words(name, { x: x + 12, y })}`;
    })}${xGrid(box, xTicks, guessing, subgroupAxisName)}${all === null ? '' : allFilms(all, box, armLook(drawn[0]!.arm).ink)}${headings.map(
      ({ by, y }) =>
        html`<text class="panel" x="${columns.by}" y="${y}" dominant-baseline="central">${by}</text>`,
    )}${lines.map(drawLine)}`,
  );
}

/** The AUROC of all test films, across all lines. */
function allFilms(x: number, { top, height, bottom }: PlotBox, ink: InkName): Markup {
  const dash = ruleDashes.allFilms;
  return bar(ink, { x, y: top }, { x, y: height - bottom }, { width: 1.2, dash });
}

function drawLine({ group, y, rows }: SubgroupLine): Markup {
  return html`${words(group.group, { x: columns.group, y })}${words(
    `${group.small ? '⚠ few, ' : ''}${groupCounts(group)}`,
    { x: columns.counts, y },
    'end',
    true,
  )}${rows.map(drawRow)}`;
}

function drawRow({ arm, x, y, low, high, auroc }: SubgroupRow): Markup {
  const { ink, marker } = armLook(arm, subgroupMarkerArea);
  return html`${low === null || high === null ? '' : bar(ink, { x: low, y }, { x: high, y }, { width: 2 })}${
    x === null ? '' : mark(ink, marker, { x, y })
  }${words(formatEstimate(auroc), { x: columns.auroc, y }, 'end')}`;
}

function spokenGroup({ group, rows }: SubgroupLine): string {
  const arms = rows.map(({ arm, auroc }) => `${armStyles[arm].label} ${formatEstimate(auroc)}`);
  return `${group.by} ${group.group}${group.small ? ' (few films)' : ''}, positive ${groupCounts(group)}: ${arms.join(', ')}`;
}
