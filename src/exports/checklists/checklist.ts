/**
 * What a reporting checklist is: items by number, each with what the study itself can answer and what only its authors can.
 */
import { countCohort, type CohortCounts } from '../../cohort/cohort-counts.ts';
import type { StudyExport } from '../study-export.ts';

/** What answers are drawn from. */
export interface StudyFacts {
  readonly study: StudyExport;
  readonly counts: CohortCounts;
}

/** What the study answers, and what of the item is left to its authors; null when nothing is. */
export interface Answer {
  readonly text: string;
  readonly left: string | null;
}

/** One item of a checklist. */
export interface ChecklistItem {
  /** As the checklist numbers it: "12c". */
  readonly number: string;
  readonly section: string;
  /** The item's subject in our own words. */
  readonly subject: string;
  /** What authors are asked when the study has no answer, as it stands after "To be filled in by the authors:". */
  readonly asks: string;
  /** The study's answer; null when it has none. */
  readonly answer: (facts: StudyFacts) => Answer | null;
}

/** A checklist. */
export interface Checklist {
  readonly name: string;
  /** Authors, title, journal, year. */
  readonly source: string;
  readonly items: readonly ChecklistItem[];
}

/** An item with its answer. */
export interface AnsweredItem extends Omit<ChecklistItem, 'answer'> {
  readonly answer: Answer | null;
}

/** A checklist filled in as far as the study can; `whole` and `part` count items. */
export interface FilledChecklist {
  readonly name: string;
  readonly source: string;
  readonly items: readonly AnsweredItem[];
  /** Items that the study answers wholly. */
  readonly whole: number;
  /** Items that the study answers in part. */
  readonly part: number;
}

/** Fills a checklist in. */
export function fillChecklist({ name, source, items }: Checklist, study: StudyExport): FilledChecklist {
  const facts = { study, counts: countCohort(study.cohort, study.rows) };
  const answered = items.map((item) => ({ ...item, answer: item.answer(facts) }));
  return {
    name,
    source,
    items: answered,
    whole: answered.filter(({ answer }) => answer !== null && answer.left === null).length,
    part: answered.filter(({ answer }) => answer !== null && answer.left !== null).length,
  };
}

/** An answer that leaves nothing to the authors. */
export function whole(...sentences: readonly string[]): Answer {
  return { text: sentences.join(' '), left: null };
}

/** An answer that leaves something. @param left what authors must add. */
export function part(left: string, ...sentences: readonly string[]): Answer {
  return { text: sentences.join(' '), left };
}

/** For items that only authors can answer. */
export function onlyAuthors(): null {
  return null;
}
