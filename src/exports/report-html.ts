/**
 * report.html: one file that says what was asked, how, and what was found; no script, no address that it would load anything from.
 */
import { countCohort } from '../cohort/cohort-counts.ts';
import { html, type Markup } from './html.ts';
import { checklistSection } from './report/checklist-section.ts';
import { cohortSection } from './report/cohort-section.ts';
import { headlineSection, unfinishedNotice } from './report/headline.ts';
import { labelSections } from './report/label-section.ts';
import { limitsSection } from './report/limits-section.ts';
import { methodsSection } from './report/methods.ts';
import { pretrainingSection } from './report/pretraining-section.ts';
import { style } from './report/style.ts';
import { whySection } from './report/why.ts';
import type { StudyExport } from './study-export.ts';
import { softwareSentence } from './study-sentences.ts';

/** The report as a self-contained HTML page. */
export function reportHtml(study: StudyExport): string {
  const { findings, cohort, rows } = study;
  const counts = countCohort(cohort, rows);
  const sections = [
    headlineSection(findings),
    whySection(findings),
    html`<h2 id="results">Results, label by label</h2>
      ${labelSections(findings)}`,
    pretrainingSection(findings),
    methodsSection(study, counts),
    cohortSection(counts, rows),
    checklistSection(study),
    limitsSection(study),
    configSection(study),
  ].filter(({ text }) => text !== '');
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${findings.config.name} – Reading Room</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <main>
          ${unfinishedNotice(findings)}
          <h1>${findings.config.name}</h1>
          <p>${findings.config.purpose}</p>
          ${contents(sections)} ${sections}
        </main>
        <footer><p class="soft">Written ${study.createdAt}. ${softwareSentence(study)}</p></footer>
      </body>
    </html>`;
  return `${page.text}\n`;
}

/** Links to the headings that have a name. */
function contents(sections: readonly Markup[]): Markup {
  const headings = sections.flatMap(({ text }) => [...text.matchAll(/<h2 id="(\w+)">([^<]+)<\/h2>/g)]);
  return html`<nav class="aside" aria-label="Contents">
    <ul>
      ${headings.map(([, id, words]) => html`<li><a href="#${id!}">${words!}</a></li>`)}
    </ul>
  </nav>`;
}

function configSection({ findings }: StudyExport): Markup {
  return html`<h2 id="configuration">Configuration</h2>
    <p>The study as data: the same text runs it again, in the page or from the command line.</p>
    <details>
      <summary>The whole configuration (JSON)</summary>
      <pre>${JSON.stringify(findings.config, null, 2)}</pre>
    </details>`;
}
