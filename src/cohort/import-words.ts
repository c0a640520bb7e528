/**
 * What was decided at an import, in words: what the values of a split column mean, how a label's cells were read. The page, the report and
 * the command line use the same words.
 */
import type { LabelReading, SplitMeaning, SplitOrigin } from './cohort.ts';

/** What a value of the split column may mean, in the order in which people choose. */
export const splitMeaningWords: Readonly<Record<SplitMeaning, string>> = {
  train: 'training',
  validation: 'validation',
  test: 'test',
  trainValidation: 'training or validation, drawn by seed',
  leaveOut: 'left out',
};

/** "“train” training, “tv” training or validation, drawn by seed"; empty where nothing is known of the values. */
export function splitValuesWords(values: Readonly<Record<string, SplitMeaning>> = {}): string {
  return Object.entries(values)
    .map(([value, meaning]) => `${quoted(value)} ${splitMeaningWords[meaning]}`)
    .join('; ');
}

/** The seed that drew a split or what its column leaves open; null where the column names every side. */
export function splitSeed(origin: SplitOrigin): number | null {
  return origin.kind === 'seeded' ? origin.seed : (origin.drawn?.seed ?? null);
}

/** "present from 30 on", "“pneumonia” present, “normal” absent", "blank = absent". */
export function readingWords(reading: LabelReading): string {
  switch (reading.kind) {
    case 'words':
      return reading.blank === 'absent' ? 'blank = absent' : 'blank = not known';
    case 'threshold':
      return `present from ${reading.atLeast} on`;
    case 'values':
      return `${side(reading.present)} present, ${side(reading.absent)} absent`;
    default:
      return reading satisfies never;
  }
}

/** "mortality: present from 30 on", one a label that is not read as plain 0 and 1. */
export function readingSentences(readings: Readonly<Record<string, LabelReading>> = {}): string[] {
  return Object.entries(readings).map(([label, reading]) => `${label}: ${readingWords(reading)}`);
}

/** A cell's content in quotation marks; an empty one is named. */
export function quoted(value: string): string {
  return value === '' ? 'an empty cell' : `“${value}”`;
}

function side(values: readonly string[]): string {
  return values.length === 0 ? 'nothing' : values.map(quoted).join(', ');
}
