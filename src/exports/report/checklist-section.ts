/**
 * Reporting checklists, filled in as far as the study knows the answers.
 */
import { claim } from '../checklists/claim.ts';
import { fillChecklist, type AnsweredItem, type Checklist } from '../checklists/checklist.ts';
import { tripodAi } from '../checklists/tripod-ai.ts';
import { html, type Markup } from '../html.ts';
import type { StudyExport } from '../study-export.ts';
import { dataTable } from './table.ts';

/** The section. */
export function checklistSection(study: StudyExport): Markup {
  return html`<h2 id="checklists">Reporting checklists</h2>
    <p>
      Subjects are given in our own words; the lists themselves say what each item asks in full. What the
      study cannot know is left to its authors.
    </p>
    ${[tripodAi, claim].map((list) => checklistPart(list, study))}`;
}

function checklistPart(list: Checklist, study: StudyExport): Markup {
  const { name, source, items, whole, part } = fillChecklist(list, study);
  const answered = `${whole} of ${items.length} items answered by the study, ${part} more in part, ${items.length - whole - part} to be filled in by the authors.`;
  return html`<section>
    <h3>${name}</h3>
    <p>${answered}</p>
    <p class="soft">${source}</p>
    ${dataTable(
      `${name}, item by item`,
      ['Item', 'Section', 'Subject', 'State', 'Answer'],
      items.map((item) => [item.number, item.section, item.subject, stateWords(item), answerCell(item)]),
    )}
  </section>`;
}

function stateWords({ answer }: AnsweredItem): string {
  if (!answer) return '○ authors';
  return answer.left === null ? '● answered' : '◐ in part';
}

function answerCell({ answer, asks }: AnsweredItem): Markup {
  if (!answer) return html`<em>To be filled in by the authors: ${asks}.</em>`;
  return html`${answer.text}${answer.left === null ? '' : html` <em>To be filled in by the authors: ${answer.left}.</em>`}`;
}
