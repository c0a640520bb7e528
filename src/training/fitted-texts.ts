/**
 * What text encoders learn before training, cached between runs: the many runs of one label, size and seed learn from the same reports, one
 * after the other, and reading all reports anew takes longer than a short run.
 */
import type { FittedText, TextEncoderEntry } from '../models/encoder.ts';
import type { FieldSettings } from '../models/field.ts';

/** Fits a text encoder to the training reports, to read all reports of a run. */
export type FitText = (
  entry: TextEncoderEntry,
  trainingReports: readonly string[],
  settings: FieldSettings,
  toRead: readonly string[],
) => FittedText;

/** Fits anew each time. */
export const fitOnce: FitText = (entry, trainingReports, settings, toRead) =>
  entry.fit(trainingReports, settings, toRead);

/** Fits, remembering the last: the same again when everything is the same. */
export function fitRemembering(): FitText {
  let last: { readonly asked: Parameters<FitText>; readonly fitted: FittedText } | undefined;
  return (...asked) => {
    if (!last || !isSame(last.asked, asked)) last = { asked, fitted: fitOnce(...asked) };
    return last.fitted;
  };
}

function isSame(
  [entry, trainingReports, settings, toRead]: Parameters<FitText>,
  [otherEntry, otherReports, otherSettings, otherToRead]: Parameters<FitText>,
): boolean {
  return (
    entry === otherEntry &&
    JSON.stringify(settings) === JSON.stringify(otherSettings) &&
    areSame(trainingReports, otherReports) &&
    areSame(toRead, otherToRead)
  );
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((text, i) => text === others[i]);
}
