/**
 * Precision-recall curves of classifiers on the same test films, one line an arm.
 */
import { armStyles } from '../../../figures/arm-looks.ts';
import { formatEstimate } from '../../../figures/number-words.ts';
import { squareBox } from '../../../figures/plot-box.ts';
import { layPrecisionRecall, precisionRecallNote } from '../../../figures/precision-recall.ts';
import type { Cell } from '../../../study/findings/findings.ts';
import { html, type Markup } from '../../html.ts';
import { filmWords } from './film-words.ts';
import { armCurves, axes, figure, noFigure, quietLine } from './plot.ts';

/** The figure. @param cells of one label, setup and size. */
export function precisionRecallCurves(cells: readonly Cell[]): Markup {
  const title = 'Precision-recall curves';
  const geometry = layPrecisionRecall(cells, squareBox);
  const { curves, guessing } = geometry;
  if (curves.length === 0) return noFigure(title, 'not measured, or not defined on these test patients.');
  const drawn = cells.filter(({ arm }) => curves.some((curve) => curve.arm === arm));
  return figure(
    {
      title,
      alt: drawn
        .map(({ arm, metrics }) => `${armStyles[arm].label}: AUPRC ${formatEstimate(metrics['auprc'])}`)
        .join('; '),
      caption: `${precisionRecallNote(geometry)} On ${filmWords(drawn)}.`,
    },
    squareBox,
    html`${axes(squareBox, geometry)}${guessing ? quietLine(guessing.path) : ''}${armCurves(curves)}`,
  );
}
