/**
 * The forest plot of paired differences in AUROC, one line a comparison.
 */
import { armLook } from '../../../figures/arm-looks.ts';
import {
  forestColumns as columns,
  forestMarkerArea,
  forestNames,
  forestNote,
  layForest,
  shortReferences,
  type ForestLine,
} from '../../../figures/forest.ts';
import type { LineLook } from '../../../figures/line-look.ts';
import { formatDifference, formatTrainingSize, sizeWords } from '../../../figures/number-words.ts';
import type { Comparison } from '../../../study/findings/findings.ts';
import { html, type Markup } from '../../html.ts';
import { bar, figure, mark, noFigure, words, xGrid } from './plot.ts';

/** How lines are named and look, and how the figure is read. */
export interface ForestLooks {
  readonly lookOf: (comparison: Comparison) => LineLook;
  readonly note: (margin: number) => string;
}

const byArm: ForestLooks = { lookOf: ({ arm }) => armLook(arm, forestMarkerArea), note: forestNote };

/** The figure. @param margin differences smaller than this are of no practical interest. */
export function differenceForest(
  comparisons: readonly Comparison[],
  margin: number,
  { lookOf, note }: ForestLooks = byArm,
): Markup {
  const title = 'Paired differences in AUROC';
  if (comparisons.every(({ difference }) => difference.value === null))
    return noFigure(title, 'no difference is defined yet.');
  const {
    box,
    lines,
    margin: shaded,
    zero,
    xTicks,
  } = layForest(comparisons, margin, (one) => lookOf(one).name);
  return figure(
    {
      title,
      alt: lines.map(spokenLine).join('; '),
      caption: `On the same test patients and seeds. ${note(margin)}`,
    },
    box,
    html`<rect
        class="shade"
        x="${shaded.x}"
        y="${box.top}"
        width="${shaded.width}"
        height="${box.height - box.top - box.bottom}"
      />
      ${xGrid(box, xTicks, zero, forestNames.xName, forestNames.sides)}${lines.map((line) =>
        drawLine(line, lookOf(line.comparison)),
      )}`,
  );
}

function drawLine(line: ForestLine, { name, ink, marker }: LineLook): Markup {
  const { comparison, first, y, x, low, high, acrossSeeds } = line;
  return html`${
    line.leads
      ? html`${words(name, { x: columns.name, y })}${words(
          sizeWords(comparison.trainingSize),
          { x: columns.size, y },
          'start',
          true,
        )}`
      : ''
  }${words(shortReferences[comparison.comparedTo], { x: columns.reference, y }, 'start', true)}${
    acrossSeeds
      ? html`${bar(ink, { x: acrossSeeds.low, y }, { x: acrossSeeds.high, y }, { width: 0.9 })}${[
          acrossSeeds.low,
          acrossSeeds.high,
        ].map((end) => bar(ink, { x: end, y: y - 4 }, { x: end, y: y + 4 }, { width: 0.9 }))}`
      : ''
  }${
    low === null || high === null
      ? ''
      : bar(ink, { x: low, y }, { x: high, y }, { width: 3, dash: first ? 'none' : '4 3' })
  }${x === null ? '' : mark(ink, marker, { x, y }, !first)}${words(
    formatDifference(comparison.difference),
    { x: columns.difference, y },
    'end',
  )}`;
}

function spokenLine({ line, comparison }: ForestLine): string {
  const { trainingSize, comparedTo, difference } = comparison;
  return `${line}, ${formatTrainingSize(trainingSize)}, ${shortReferences[comparedTo]}: ${formatDifference(difference)}`;
}
