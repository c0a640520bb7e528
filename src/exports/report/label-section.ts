/**
 * Everything that was measured for a label and setup: figures of the largest training size first, the other sizes folded away, then tables.
 */
import type { Cell, Findings } from '../../study/findings/findings.ts';
import { html, type Markup } from '../html.ts';
import { aurocRange } from '../../figures/heat-map.ts';
import { sizeWords } from '../../figures/number-words.ts';
import { levelPhrase } from '../../study/phrases.ts';
import { decisionCurves } from './figures/decision-curve.ts';
import { differenceForest } from './figures/forest.ts';
import { heatMap } from './figures/heat-map.ts';
import { learningCurves } from './figures/learning-curve.ts';
import { precisionRecallCurves } from './figures/precision-recall.ts';
import { reliability } from './figures/reliability.ts';
import { rocCurves } from './figures/roc.ts';
import { subgroupForest } from './figures/subgroup-forest.ts';
import { groupBySetup, ofSetup, setupWords, sizesDown, type SetupCells } from './groups.ts';
import { calibrationTable, differenceTable, metricTable, seedTable, subgroupTable } from './result-tables.ts';

/** One section per label and setup, in plan order. */
export function labelSections(findings: Findings): Markup {
  return html`${groupBySetup(findings.cells).map((group) => labelSection(group, findings))}`;
}

function labelSection({ setup, cells }: SetupCells, findings: Findings): Markup {
  const comparisons = ofSetup(findings.comparisons, setup).filter(
    ({ comparedTo }) => comparedTo === 'baseline' || comparedTo === 'selfDistilled',
  );
  const [largest, ...others] = sizesDown(cells);
  const { margin, confidence } = findings.config.statistics;
  const level = levelPhrase(confidence);
  return html`<section>
    <h2>${setup.label}: ${setupWords(setup)}</h2>
    ${metricTable(cells)} ${learningCurves(cells, level)}
    ${comparisons.length > 0 ? html`${differenceForest(comparisons, margin)}${differenceTable(comparisons)}` : ''}
    ${largest === undefined ? '' : sizeFigures(largest, cells, level)}
    ${others.map(
      (size) =>
        html`<details>
          <summary>The same figures at ${sizeWords(size)}</summary>
          ${sizeFigures(size, cells, level)}
        </details>`,
    )}
    ${gridFigures(findings, setup)} ${calibrationTable(cells)} ${subgroupTable(cells)}
    <details class="aside">
      <summary>Chosen runs, seed by seed</summary>
      ${seedTable(cells)}
    </details>
  </section>`;
}

function sizeFigures(size: number | 'all', cells: readonly Cell[], level: string): Markup {
  const own = cells.filter(({ trainingSize }) => trainingSize === size);
  return html`<h3>Curves, ${sizeWords(size)}</h3>
    ${rocCurves(own)} ${precisionRecallCurves(own)} ${reliability(own, level)} ${decisionCurves(own, level)}
    ${subgroupForest(own, level)}`;
}

function gridFigures(findings: Findings, setup: SetupCells['setup']): Markup {
  const grids = ofSetup(findings.grids, setup);
  if (grids.length === 0) return html``;
  const [largest, ...others] = sizesDown(grids);
  const drawn = (size: number | 'all'): Markup => {
    const own = grids.filter(({ trainingSize }) => trainingSize === size);
    return html`${own.map((grid) => heatMap(grid, aurocRange(own)))}`;
  };
  return html`<h3>λ × τ, as validation patients saw it</h3>
    ${drawn(largest!)}
    ${others.map(
      (size) =>
        html`<details>
          <summary>The same at ${sizeWords(size)}</summary>
          ${drawn(size)}
        </details>`,
    )}`;
}
