/**
 * Questions about a person's own model that its files do not answer. They are asked and never guessed, because a wrong guess gives wrong
 * features without an error.
 */

/** Possible questions: the scale of intensities, which of several networks is meant, the number of attention heads. */
export type QuestionTopic = 'scaling' | 'part' | 'heads';

/** One possible answer. */
export interface AnswerChoice {
  readonly value: string;
  readonly label: string;
  /** Why it is likely; null where nothing speaks for it. */
  readonly note: string | null;
}

/** A question that must be answered before a model is kept. */
export interface ImportQuestion {
  readonly topic: QuestionTopic;
  readonly sentence: string;
  /** The likeliest first. */
  readonly choices: readonly AnswerChoice[];
}

/** What was answered so far: the value of a choice by the topic. */
export type ImportAnswers = Readonly<Partial<Record<QuestionTopic, string>>>;

/** The answer to a question, if it is one of its choices. */
export function answerTo({ topic, choices }: ImportQuestion, answers: ImportAnswers): string | null {
  const given = answers[topic];
  return choices.some(({ value }) => value === given) ? given! : null;
}
