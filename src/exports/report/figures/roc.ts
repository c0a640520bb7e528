/**
 * ROC curves of classifiers on the same test films, one line an arm.
 */
import { armStyles } from '../../../figures/arm-looks.ts';
import { formatEstimate } from '../../../figures/number-words.ts';
import { squareBox } from '../../../figures/plot-box.ts';
import { layRoc, operatingWords, rocNote } from '../../../figures/roc.ts';
import type { Cell } from '../../../study/findings/findings.ts';
import { html, type Markup } from '../../html.ts';
import { filmWords } from './film-words.ts';
import { armCurves, axes, figure, noFigure, quietLine } from './plot.ts';

/** The figure. @param cells of one label, setup and size. */
export function rocCurves(cells: readonly Cell[]): Markup {
  const title = 'ROC curves';
  const geometry = layRoc(cells, squareBox);
  if (geometry.curves.length === 0) return noFigure(title, 'not defined on these test patients.');
  const drawn = cells.filter(({ arm }) => geometry.curves.some((curve) => curve.arm === arm));
  return figure(
    { title, alt: drawn.map(spokenCell).join('; '), caption: `${rocNote} On ${filmWords(drawn)}.` },
    squareBox,
    html`${axes(squareBox, geometry)}${quietLine(geometry.chance)}${armCurves(geometry.curves)}`,
  );
}

function spokenCell({ arm, metrics, operatingPoint }: Cell): string {
  const point = operatingPoint ? `, ${operatingWords(operatingPoint)}` : '';
  return `${armStyles[arm].label}: AUROC ${formatEstimate(metrics['auroc'])}${point}`;
}
