/**
 * The questions of a survey as the page keeps them. An answered question stays in its place, so that the answer can be seen and changed.
 */
import type { Survey, SurveyQuestion } from '../../cohort/importers/importer.ts';

/** A question, and whether the import still waits for its answer. */
export interface AskedQuestion {
  readonly question: SurveyQuestion;
  readonly open: boolean;
}

/** The questions of a survey, after those of earlier ones that its mapping answers. @param before of the survey before it, of the same folder. */
export function keepQuestions(survey: Survey, before: readonly AskedQuestion[]): readonly AskedQuestion[] {
  const open = new Map(survey.questions.map((question) => [questionKey(question), question]));
  const kept = before
    .filter(({ question }) => open.has(questionKey(question)) || isAnswered(question, survey))
    .map(({ question }): AskedQuestion => {
      const again = open.get(questionKey(question));
      return { question: again ?? question, open: again !== undefined };
    });
  const known = new Set(kept.map(({ question }) => questionKey(question)));
  const fresh = survey.questions.filter((question) => !known.has(questionKey(question)));
  return [...kept, ...fresh.map((question): AskedQuestion => ({ question, open: true }))];
}

/** The same for the same question of two surveys. */
export function questionKey({ kind, column }: SurveyQuestion): string {
  return `${kind} ${column}`;
}

/** What must be answered before the import, in a sentence; null when nothing is open. */
export function waitingSentence(asked: readonly AskedQuestion[]): string | null {
  const waiting = asked.filter(({ open }) => open).map(({ question }) => waitingWords(question));
  return waiting.length === 0 ? null : `The import waits for an answer: ${waiting.join('; ')}.`;
}

function waitingWords(question: SurveyQuestion): string {
  const { kind, column } = question;
  switch (kind) {
    case 'splitValues':
      return `what ${question.values.length === 1 ? 'a value' : `${question.values.length} values`} of “${column}” ${question.values.length === 1 ? 'means' : 'mean'}`;
    case 'patientSpellings':
      return `whether spellings in “${column}” are one patient`;
    case 'labelReading':
      return `how the label “${column}” is read`;
    default:
      return kind satisfies never;
  }
}

/** The mapping still needs this answer. */
function isAnswered({ kind, column }: SurveyQuestion, { mapping }: Survey): boolean {
  switch (kind) {
    case 'splitValues':
      return mapping.splitColumn === column;
    case 'patientSpellings':
      return mapping.patientColumn === column && mapping.patientSpellings !== null;
    case 'labelReading':
      return mapping.labelColumns.includes(column);
    default:
      return kind satisfies never;
  }
}
