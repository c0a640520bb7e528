/**
 * How the study was done, in paragraphs: as part of the page, and as plain text to copy into a manuscript.
 */
import { primarySentence } from '../../study/findings/primary-question.ts';
import type { CohortCounts } from '../../cohort/cohort-counts.ts';
import { html, type Markup } from '../html.ts';
import type { StudyExport } from '../study-export.ts';
import * as say from '../study-sentences.ts';

/** The paragraphs as plain text. */
export function methodsParagraphs(study: StudyExport, counts: CohortCounts): string[] {
  const { config } = study.findings;
  const pretraining = say.pretrainingSentence(config);
  return [
    [say.dataSentence(study, counts), say.splitSentence(counts), say.preparationSentence(study)].join(' '),
    [say.outcomeSentence(study), say.missingSentence(study, counts), say.excludedSentence(study)].join(' '),
    [say.armsSentence(config), say.modelSentence(config), say.initialSentence(config)].join(' '),
    ...(pretraining === null ? [] : [pretraining]),
    [say.designSentence(config), ...say.trainingSentences(config), say.imbalanceSentence].join(' '),
    say.budgetSentence(config),
    [
      say.metricsSentence(study.findings),
      say.intervalsSentence(config),
      say.verdictSentence,
      primarySentence(study.findings),
    ].join(' '),
    [say.softwareSentence(study), say.datesSentence(study)].join(' '),
  ];
}

/** The section, with the same as plain text folded away. */
export function methodsSection(study: StudyExport, counts: CohortCounts): Markup {
  const paragraphs = methodsParagraphs(study, counts);
  return html`<h2 id="methods">Methods</h2>
    ${paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}
    <details class="aside">
      <summary>Methods as plain text, to copy</summary>
      <pre>${paragraphs.join('\n\n')}</pre>
    </details>`;
}
