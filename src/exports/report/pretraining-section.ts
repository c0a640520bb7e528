/**
 * Pre-trainings compared, for the image-only classifier that starts from each: learning curves and paired differences, label by label.
 */
import { comparesPretrainings } from '../../study/findings/comparison.ts';
import type { Comparison, Findings } from '../../study/findings/findings.ts';
import { tuningWords } from '../../study/findings/words.ts';
import { pretrainingForestNote } from '../../figures/forest.ts';
import { pretrainingLooks } from '../../figures/pretraining-looks.ts';
import { levelPhrase } from '../../study/phrases.ts';
import { html, type Markup } from '../html.ts';
import { differenceForest } from './figures/forest.ts';
import { pretrainingCurves } from './figures/learning-curve.ts';
import { differenceTable } from './result-tables.ts';

/** The section; nothing where all encoders started from the same weights. */
export function pretrainingSection(findings: Findings): Markup {
  const names = [...new Set(findings.cells.map(({ pretraining }) => pretraining))];
  if (names.length < 2) return html``;
  const { pretrainings, statistics } = findings.config;
  const lookOf = pretrainingLooks(pretrainings);
  const baselines = findings.cells.filter(({ arm }) => arm === 'imageOnly');
  const setups = [...new Map(baselines.map((cell) => [setupKey(cell), cell])).values()];
  return html`<h2 id="pretraining">Pre-training</h2>
    ${setups.map((setup) => {
      const comparisons = findings.comparisons.filter(
        (one) => setupKey(one) === setupKey(setup) && isOfPretraining(one),
      );
      return html`<section>
        <h3>${setup.label}: image only, ${tuningWords[setup.tuning]}, ${setup.imageEncoder}</h3>
        ${pretrainingCurves(
          baselines.filter((cell) => setupKey(cell) === setupKey(setup)),
          lookOf,
          levelPhrase(statistics.confidence),
        )}
        ${differenceForest(comparisons, statistics.margin, {
          lookOf: ({ pretraining }) => lookOf(pretraining),
          note: pretrainingForestNote,
        })}
        ${comparisons.length > 0 ? differenceTable(comparisons, ({ pretraining }) => pretraining) : ''}
      </section>`;
    })}`;
}

function isOfPretraining({ comparedTo }: Comparison): boolean {
  return comparesPretrainings(comparedTo);
}

function setupKey({
  label,
  tuning,
  imageEncoder,
}: Pick<Comparison, 'label' | 'tuning' | 'imageEncoder'>): string {
  return JSON.stringify([label, tuning, imageEncoder]);
}
