/**
 * What `npm run study` can be asked: its options, read and checked before anything starts.
 */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { studyFileNames } from '../exports/registry.ts';
import { presets } from '../study/presets/registry.ts';
import { drawingOf, drawingWords } from '../study/drawing.ts';
import { InputError } from '../errors.ts';
import { helpText, readWords } from './command-words.ts';
import { readSpellings, readSplitAnswer } from './import-answers.ts';
import type { ImportChoice, StudyChoice } from './lab-driver.ts';

/** What to run. */
export interface StudyOptions {
  /** A folder of films, reports and labels; null = the synthetic cohort. */
  readonly cohort: string | null;
  /** Words of the cohort page's address that say which synthetic cohort to draw; empty = the page's own. */
  readonly drawing: Readonly<Record<string, string>>;
  readonly study: StudyChoice;
  readonly importing: ImportChoice;
  /** Folder for the study's files; made when it is not there. */
  readonly out: string;
  /** A folder for the browser's profile, kept so that the same command goes on where it was; null = a temporary one. */
  readonly profile: string | null;
  readonly quiet: boolean;
}

const usualStudy = 'demo';
const usualOut = 'results';

const options = {
  cohort: {
    type: 'string',
    takes: 'DIR',
    says: 'folder of films, reports and a labels table (a drawn cohort)',
  },
  study: {
    type: 'string',
    takes: 'NAME|FILE',
    says: `a study file (.json), or one of ${Object.keys(presets).join(', ')} (${usualStudy})`,
  },
  labels: { type: 'string', takes: 'A,B', says: 'labels by name (those of the study)' },
  out: {
    type: 'string',
    takes: 'DIR',
    says: `folder for ${studyFileNames.join(', ')} (${usualOut})`,
  },
  profile: {
    type: 'string',
    takes: 'DIR',
    says: 'keep the browser’s data there: after an interruption the same command goes on',
  },
  smoke: {
    type: 'boolean',
    says: 'the smallest version of the study: shows that everything works, but no findings',
  },
  seed: { type: 'string', takes: 'N', says: 'seed of the split by patients, or of a drawn cohort' },
  side: { type: 'string', takes: 'N', says: 'side of the stored films in pixels' },
  dials: {
    type: 'string',
    takes: 'WORDS',
    says: 'drawn cohort: graded, outcome or silent, then single dials',
  },
  patients: { type: 'string', takes: 'N', says: 'drawn cohort: how many patients' },
  split: { type: 'string', takes: 'A,B,C', says: 'drawn cohort: shares of training, validation, test' },
  'split-values': {
    type: 'string',
    takes: 'A=SIDE,B=…',
    says: 'folder: what values of the split column mean: train, validation, test, train-validation, leave-out; or drawn = by seed, without the column',
  },
  'patient-spellings': {
    type: 'string',
    takes: 'WORD',
    says: 'folder: patients whose names differ as spreadsheets change them are one, several, or leave-out',
  },
  quiet: { type: 'boolean', says: 'no progress' },
} as const;

/** What --help prints. */
export const studyHelp = helpText(
  'npm run study --',
  'Runs a study in the built lab without a window, prints the findings and writes its files. Defaults are in brackets.',
  options,
);

/** Reads the command line. @throws InputError naming the option that cannot be used. */
export function readOptions(words: readonly string[]): StudyOptions {
  const given = readWords('study', words, options);
  const seed = readWhole('--seed', given.seed, 0);
  const side = readWhole('--side', given.side, 8);
  const drawing = readDrawing(given);
  const answers = readAnswers(given);
  return {
    cohort: given.cohort === undefined ? null : readFolder(given.cohort),
    drawing,
    study: {
      ...readStudy(given.study ?? usualStudy),
      labels: splitLabels(given.labels ?? ''),
      smoke: given.smoke ?? false,
    },
    importing:
      given.cohort === undefined
        ? {}
        : { ...(seed === undefined ? {} : { seed }), ...(side === undefined ? {} : { side }), ...answers },
    out: resolve(given.out ?? usualOut),
    profile: given.profile === undefined ? null : resolve(given.profile),
    quiet: given.quiet ?? false,
  };
}

/** Answers to what the import of a folder asks. @throws InputError when one cannot be used, or there is no folder. */
function readAnswers(values: Readonly<Record<string, string | boolean | undefined>>): ImportChoice {
  const splitValues = values['split-values'];
  const patientSpellings = values['patient-spellings'];
  const given = { 'split-values': splitValues, 'patient-spellings': patientSpellings };
  const names = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`]));
  if (values['cohort'] === undefined && names.length > 0)
    throw new InputError(
      `${names.join(', ')} ${names.length === 1 ? 'belongs' : 'belong'} to a folder; add --cohort, or leave ${names.length === 1 ? 'it' : 'them'} out.`,
    );
  return {
    ...(splitValues === undefined ? {} : { splitValues: readSplitAnswer(String(splitValues)) }),
    ...(patientSpellings === undefined ? {} : { patientSpellings: readSpellings(String(patientSpellings)) }),
  };
}

/** The options that ask for a synthetic cohort, as the cohort page's address takes them. @throws InputError when one cannot be used. */
function readDrawing(
  values: Readonly<Record<string, string | boolean | undefined>>,
): Readonly<Record<string, string>> {
  const given = drawingWords.flatMap((word) => (values[word] === undefined ? [] : [word]));
  if (values['cohort'] === undefined) {
    const query = Object.fromEntries(given.map((word) => [word, String(values[word])]));
    drawingOf(query);
    return query;
  }
  const foreign = given.filter((word) => word !== 'seed' && word !== 'side');
  if (foreign.length > 0)
    throw new InputError(
      `--${foreign.join(', --')} belong${foreign.length === 1 ? 's' : ''} to the synthetic cohort; leave --cohort out, or leave ${foreign.length === 1 ? 'it' : 'them'} out.`,
    );
  return {};
}

function readFolder(text: string): string {
  const folder = resolve(text);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new InputError(
      `--cohort must be a folder with films and a labels table; ${folder} is not a folder.`,
    );
  }
  return folder;
}

function readStudy(text: string): { preset: string; file?: string } {
  if (!text.endsWith('.json')) return { preset: readPreset(text) };
  const file = resolve(text);
  if (!existsSync(file)) throw new InputError(`--study names ${file}, but there is no such file.`);
  return { preset: '', file };
}

function readPreset(name: string): string {
  if (Object.hasOwn(presets, name)) return name;
  throw new InputError(
    `--study must be a preset or a file that ends in .json, got "${name}". The presets are: ${Object.keys(presets).join(', ')}.`,
  );
}

function splitLabels(text: string): readonly string[] {
  return text
    .split(',')
    .map((label) => label.trim())
    .filter(Boolean);
}

function readWhole(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < least) {
    throw new InputError(`${option} must be a whole number of at least ${least}, got "${text}".`);
  }
  return value;
}
