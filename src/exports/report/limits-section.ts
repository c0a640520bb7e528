/**
 * The section on what the study cannot say.
 */
import { html, type Markup } from '../html.ts';
import type { StudyExport } from '../study-export.ts';
import { limitSentences } from '../study-limits.ts';

/** The section. */
export function limitsSection(study: StudyExport): Markup {
  return html`<h2 id="limits">Limits</h2>
    <ul>
      ${limitSentences(study).map((sentence) => html`<li>${sentence}</li>`)}
    </ul>`;
}
