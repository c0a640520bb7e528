/**
 * Which synthetic cohort an address of the cohort page asks for:
 * `#/cohort?dials=graded,visibility=1&patients=2000&side=64&split=0.3,0.2,0.5`. The command line makes such addresses, so both describe a
 * cohort in the same way.
 */
import type { SplitFractions } from '../cohort/cohort.ts';
import { checkDials, dialFields, dialPresets, type SyntheticDials } from '../cohort/synthetic/dials.ts';
import { InputError } from '../errors.ts';

/** A synthetic cohort to be drawn. What is absent stays as the page has it. */
export interface Drawing {
  readonly dials: SyntheticDials;
  /** Side of the films in px. */
  readonly side?: number;
  /** Shares of patients on each side of the split. */
  readonly fractions?: SplitFractions;
}

/** The words of an address (and of the command line's options of the same names) that ask for a synthetic cohort. */
export const drawingWords = ['dials', 'patients', 'seed', 'side', 'split'] as const;

/**
 * The cohort that a query asks for; null when it asks for none.
 * @param query `dials`: a preset's name, then dials with values, e.g. "graded,visibility=1"; `patients`; `seed`; `side` in px; `split`: shares
 *   for training, validation and test.
 * @throws InputError naming the word that cannot be used.
 */
export function drawingOf(query: Readonly<Record<string, string>>): Drawing | null {
  if (!drawingWords.some((word) => query[word] !== undefined)) return null;
  const { patients, seed, side, split } = query;
  const dials = checkDials({
    ...readDials(query['dials'] ?? dialPresets[0]!.name),
    ...(patients === undefined ? {} : { patients: readNumber('patients', patients) }),
    ...(seed === undefined ? {} : { seed: readNumber('seed', seed) }),
  });
  return {
    dials,
    ...(side === undefined ? {} : { side: readSide(side) }),
    ...(split === undefined ? {} : { fractions: readSplit(split) }),
  };
}

function readDials(text: string): SyntheticDials {
  const words = text.split(',').map((word) => word.trim());
  const named = words.filter((word) => !word.includes('='));
  const preset = dialPresets.find(({ name }) => name === (named[0] ?? dialPresets[0]!.name));
  if (!preset || named.length > 1) {
    const names = dialPresets.map(({ name }) => name).join(', ');
    throw new InputError(
      `dials must begin with one of ${names}, got "${text}"; single dials follow it, as in "graded,visibility=1".`,
    );
  }
  const turned = words.filter((word) => word.includes('=')).map(readTurn);
  return { ...preset.dials, ...Object.fromEntries(turned) };
}

function readTurn(word: string): [string, number] {
  const [name = '', value = ''] = word.split('=', 2);
  if (!dialFields.some((field) => field.name === name)) {
    const names = dialFields.map((field) => field.name).join(', ');
    throw new InputError(`The synthetic cohort has no dial "${name}"; its dials are ${names}.`);
  }
  return [name, readNumber(name, value)];
}

function readSplit(text: string): SplitFractions {
  const shares = text.split(',').map((share) => readNumber('split', share));
  const [train = 0, validation = 0, test = 0] = shares;
  const sum = train + validation + test;
  if (shares.length !== 3 || shares.some((share) => share <= 0) || Math.abs(sum - 1) > 1e-6)
    throw new InputError(
      `split must be three shares above 0 that sum to 1, for training, validation and test, as in "0.6,0.2,0.2"; got "${text}".`,
    );
  return { train, validation, test };
}

function readSide(text: string): number {
  const side = readNumber('side', text);
  if (!Number.isInteger(side) || side < 16 || side > 1024)
    throw new InputError(`side must be a whole number of px from 16 to 1024, got "${text}".`);
  return side;
}

function readNumber(word: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InputError(`${word} must be a number, got "${text}".`);
  return value;
}
