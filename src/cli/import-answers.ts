/**
 * Answers to what an import asks, as the command line takes them, and the words in which it asks for one.
 */
import type { SplitMeaning } from '../cohort/cohort.ts';
import type { PatientSpellings, SurveyQuestion } from '../cohort/importers/importer.ts';
import { InputError } from '../errors.ts';

/** What each value of the split column means, or 'drawn' = the column is not used. */
export type SplitAnswer = 'drawn' | Readonly<Record<string, SplitMeaning>>;

const meanings: Readonly<Record<string, SplitMeaning>> = {
  train: 'train',
  validation: 'validation',
  val: 'validation',
  test: 'test',
  'train-validation': 'trainValidation',
  'leave-out': 'leaveOut',
};

const spellings: Readonly<Record<string, PatientSpellings>> = {
  one: 'one',
  several: 'several',
  'leave-out': 'leaveOut',
};

const options: Readonly<Record<SurveyQuestion['kind'], string>> = {
  splitValues:
    'Say it with --split-values, such as --split-values tv=train-validation,other=leave-out (train, validation, test, train-validation or leave-out), or have the split drawn by seed with --split-values drawn.',
  patientSpellings: 'Say it with --patient-spellings one, several or leave-out.',
  labelReading: 'No option says it yet; import the folder in the lab’s page.',
};

/** Reads --split-values. @throws InputError naming the part that cannot be used. */
export function readSplitAnswer(text: string): SplitAnswer {
  if (text.trim() === 'drawn') return 'drawn';
  return Object.fromEntries(text.split(',').map(readSplitValue));
}

function readSplitValue(part: string): [value: string, meaning: SplitMeaning] {
  const at = part.lastIndexOf('=');
  const name = part.slice(at + 1).trim();
  if (at < 0 || !Object.hasOwn(meanings, name))
    throw new InputError(
      `--split-values must be "drawn", or values with what they mean, such as holdout=test,tv=train-validation; got "${part}". The meanings are ${Object.keys(meanings).join(', ')}.`,
    );
  return [part.slice(0, at).trim(), meanings[name]!];
}

/** Reads --patient-spellings. @throws InputError when it is none of its three words. */
export function readSpellings(text: string): PatientSpellings {
  if (Object.hasOwn(spellings, text)) return spellings[text]!;
  throw new InputError(
    `--patient-spellings must be one (each group is one patient), several (they are different patients) or leave-out (their rows are left out), got "${text}".`,
  );
}

/** The values of an answer, if the split column holds them all. @throws InputError naming the values that there are. */
export function checkSplitValues(
  answer: Readonly<Record<string, SplitMeaning>>,
  there: readonly string[],
): readonly [value: string, meaning: SplitMeaning][] {
  if (there.length === 0)
    throw new InputError(
      '--split-values names values of a split column, but no column of this folder’s table is taken for one; leave it out.',
    );
  const unknown = Object.keys(answer).filter((value) => !there.includes(value));
  if (unknown.length > 0)
    throw new InputError(
      `--split-values names ${listed(unknown)}, which the split column does not hold; its values are ${listed(there)}.`,
    );
  return Object.entries(answer);
}

/** A question that nobody has answered, with the option that answers it. @param values of the split column that have no meaning yet. */
export function openQuestionSentence(
  kind: SurveyQuestion['kind'],
  sentence: string,
  values: readonly string[],
): string {
  const named = values.filter((value) => !sentence.includes(value));
  const names = named.length > 0 ? ` Without a meaning: ${listed(values)}.` : '';
  return `${sentence}${names} ${options[kind]}`;
}

/** An answer in words that are the same for the same answer. */
export function splitAnswerWords(answer: SplitAnswer): string {
  if (answer === 'drawn') return answer;
  const sorted = Object.entries(answer).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted.map(([value, meaning]) => `${value}=${meaning}`).join(',');
}

function listed(values: readonly string[]): string {
  return values.map((value) => `“${value}”`).join(', ');
}
