/**
 * The side of each film: an official split column wins; what it leaves open is drawn by seed.
 */
import { InputError } from '../errors.ts';
import {
  splitNames,
  type ImportProblem,
  type SplitFractions,
  type SplitMeaning,
  type SplitName,
  type SplitOrigin,
  type StatedSide,
} from './cohort.ts';
import { assertPatientLevelSplit, splitByPatient, type SplitFilm } from './split.ts';

/** A film with the side that its table names, if any. */
export interface SidedFilm extends SplitFilm {
  readonly split: StatedSide;
}

/**
 * A side for each film. Films with sides keep them; "training or validation" is drawn by patient; sides that the column does not name
 * (often validation) are drawn from the training patients, with the shares that `fractions` gives them. Films without sides are all
 * drawn. No patient is on two sides.
 * @throws InputError when the column puts a patient on two sides or names no training film.
 */
export function chooseSides(
  films: readonly SidedFilm[],
  fractions: SplitFractions,
  seed: number,
): { sides: SplitName[]; problems: ImportProblem[] } {
  if (films.every(({ split }) => split === null))
    return withEmptySides(splitByPatient(films, fractions, seed), []);
  assertPatientLevelSplit(films);
  const stated = drawTrainingOrValidation(films, fractions, seed);
  const training = films.filter((_, i) => stated[i] === 'train');
  if (training.length === 0)
    throw new InputError(
      'The split column names no training film; correct it, or import without the split column.',
    );
  const open = splitNames.filter((side) => !stated.includes(side));
  if (open.length === 0) return withEmptySides(stated, []);
  const drawn = splitByPatient(training, sharesOfTraining(fractions, open), seed);
  const sideOf = new Map(training.map(({ patientId }, i) => [patientId, drawn[i]!]));
  const sides = films.map(({ patientId }, i) =>
    stated[i] === 'train' ? sideOf.get(patientId)! : stated[i]!,
  );
  return withEmptySides(sides, [
    {
      where: 'Split column',
      reason: `The column names no ${open.join(' and no ')} films; such patients were drawn from its training patients with seed ${seed}.`,
      severity: 'warned',
    },
  ]);
}

/** Where an official split comes from, with what `chooseSides` draws because the column leaves it open. */
export function originOfColumn(
  column: string,
  values: Readonly<Record<string, SplitMeaning>>,
  films: readonly Pick<SidedFilm, 'split'>[],
  { seed, fractions }: { readonly seed: number; readonly fractions: SplitFractions },
): SplitOrigin {
  const stated = new Set(films.map(({ split }) => split));
  const isWhole = !stated.has('trainValidation') && splitNames.every((side) => stated.has(side));
  return { kind: 'column', column, values, ...(!isWhole && { drawn: { seed, fractions } }) };
}

/** A side for films that are stated to be in training or validation: that of the patient's other films, or drawn. */
function drawTrainingOrValidation(
  films: readonly SidedFilm[],
  fractions: SplitFractions,
  seed: number,
): SplitName[] {
  const fixed = new Map<string, SplitName>();
  for (const { patientId, split } of films)
    if (split !== null && split !== 'trainValidation') fixed.set(patientId, split);
  const open = films.filter(({ patientId, split }) => split === 'trainValidation' && !fixed.has(patientId));
  const drawn = splitByPatient(open, sharesOfTraining(fractions, ['validation']), seed);
  open.forEach(({ patientId }, i) => fixed.set(patientId, drawn[i]!));
  return films.map(({ patientId }) => fixed.get(patientId)!);
}

function sharesOfTraining(fractions: SplitFractions, open: readonly SplitName[]): SplitFractions {
  const drawn = ['train' as const, ...open];
  const sum = drawn.reduce((total, side) => total + fractions[side], 0);
  const share = (side: SplitName): number => (drawn.includes(side) ? fractions[side] / sum : 0);
  return { train: share('train'), validation: share('validation'), test: share('test') };
}

function withEmptySides(
  sides: SplitName[],
  problems: ImportProblem[],
): { sides: SplitName[]; problems: ImportProblem[] } {
  const empty = splitNames.filter((side) => !sides.includes(side));
  if (empty.length === 0) return { sides, problems };
  const reason = `There are no ${empty.join(' and no ')} patients; a study cannot run without them. Add patients, or change the shares of the split.`;
  return { sides, problems: [...problems, { where: 'Whole cohort', reason, severity: 'warned' }] };
}
