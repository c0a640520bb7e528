/**
 * Texts of the lesson with the dial: its five steps, and the answers that the class may guess.
 */
import type { DialVerdict } from '../../study/dial/result.ts';
import type { DialSettings } from '../../study/dial/settings.ts';

/** One step of the lesson: where to set the dial, and what to ask before it is run and after. */
export interface LessonStep {
  readonly title: string;
  readonly settings: Partial<DialSettings>;
  readonly before: string;
  readonly after: string;
}

/** The five steps, about two minutes each. */
export const lessonSteps: readonly LessonStep[] = [
  {
    title: 'A report that grades',
    settings: { position: 4, trainingSize: 50 },
    before: 'Students see films only. Why should a teacher who reads the report help them at all?',
    after:
      'Compare “over image only” with “net of its control”. Which part of the gain is owed to the report?',
  },
  {
    title: 'A report that states the outcome',
    settings: { position: 6, trainingSize: 50 },
    before: 'Now the teacher is nearly perfect. Will its student gain more than before?',
    after:
      'Look at “Report only”: what can a teacher add that only repeats the label? And why does alignment still gain: how many pairs does it see?',
  },
  {
    title: 'A report that knows nothing',
    settings: { position: 0, trainingSize: 50 },
    before:
      'Reports speak of other findings only. What will alignment keep of a film, and what will it lose?',
    after: 'Which gains fall, and by how much? Why does the alignment with shuffled reports fall less?',
  },
  {
    title: 'More labels',
    settings: { position: 4, trainingSize: 400 },
    before: 'The report grades again, but now 400 patients have a label. Will reports still be worth having?',
    after: 'How has each gain changed? When would you pay somebody to write reports?',
  },
  {
    title: 'Other patients',
    settings: { position: 4, trainingSize: 50, seed: 2 },
    before:
      'The first question again, with another seed: other patients, films and reports. What will change?',
    after:
      'Which answers stayed the same, and which numbers changed? What do the dots show that the interval does not?',
  },
];

/** The possible guesses, in the order of the buttons. */
export const guesses: readonly { readonly verdict: DialVerdict; readonly words: string }[] = [
  { verdict: 'helped', words: 'The reports help' },
  { verdict: 'cannotTell', words: 'No difference to be seen' },
  { verdict: 'hurt', words: 'The reports hurt' },
];

/** A verdict in words. */
export const dialVerdictWords: Readonly<Record<DialVerdict, string>> = {
  helped: 'helped: better than image only and than its control',
  hurt: 'hurt: worse than image only',
  cannotTell: 'cannot tell: no gain over both image only and its control',
};
