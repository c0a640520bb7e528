/**
 * The patient-level split: all films of a patient stand on one side, always.
 */
import { countPhrase } from '../count-words.ts';
import { InputError } from '../errors.ts';
import { Random } from '../random/random.ts';
import {
  splitNames,
  type LabelValue,
  type SplitFractions,
  type SplitName,
  type StatedSide,
} from './cohort.ts';

/** What the split needs to know of a film. */
export interface SplitFilm {
  readonly patientId: string;
  readonly labels: readonly LabelValue[];
}

/**
 * A side for each film, by patient, with labels balanced over the sides.
 *
 * Sides get exactly their share of patients (largest remainder). Patients are dealt by iterative stratification: the class (label
 * present, label absent) with the fewest patients left comes first, and each of its patients goes to the side that lacks most of it.
 * The result depends on the patients, their labels and the seed, not on the order of the films.
 * Source: Sechidis, Tsoumakas, Vlahavas, "On the stratification of multi-label data", ECML PKDD 2011, algorithm 1; the exact sizes are ours.
 * @param fractions shares of patients, each ≥ 0; they sum to 1.
 * @throws InputError when the fractions are not shares that sum to 1, or nobody is left to train on.
 */
export function splitByPatient(
  films: readonly SplitFilm[],
  fractions: SplitFractions,
  seed: number,
): SplitName[] {
  checkFractions(fractions);
  const patients = classesOfPatients(films);
  const sides = new Map<string, SplitName>();
  const room = sideSizes(patients.size, fractions);
  const order = new Random(seed).fork('split').shuffled([...patients.keys()].sort());
  const classCount = 2 * (films[0]?.labels.length ?? 0);
  const wanted = wantedOfClass(patients, classCount, fractions);
  const assign = (patient: string, side: SplitName): void => {
    sides.set(patient, side);
    room[side]--;
    for (const one of patients.get(patient)!) wanted[one]![side]--;
  };
  for (
    let rare = rarestClass(patients, sides, classCount);
    rare >= 0;
    rare = rarestClass(patients, sides, classCount)
  ) {
    for (const patient of order) {
      if (!sides.has(patient) && patients.get(patient)!.has(rare))
        assign(patient, neediestSide(room, wanted[rare]!));
    }
  }
  for (const patient of order) if (!sides.has(patient)) assign(patient, neediestSide(room, room));
  return films.map(({ patientId }) => sides.get(patientId)!);
}

type PerSide = Record<SplitName, number>;

/** Class 2·label + value for each observed value; a patient may have several of one label. */
function classesOfPatients(films: readonly SplitFilm[]): Map<string, Set<number>> {
  const patients = new Map<string, Set<number>>();
  for (const { patientId, labels } of films) {
    const classes = patients.get(patientId) ?? new Set<number>();
    patients.set(patientId, classes);
    labels.forEach((value, label) => value !== null && classes.add(2 * label + value));
  }
  return patients;
}

function wantedOfClass(
  patients: ReadonlyMap<string, ReadonlySet<number>>,
  classCount: number,
  fractions: SplitFractions,
): PerSide[] {
  const counts = new Array<number>(classCount).fill(0);
  for (const classes of patients.values()) for (const one of classes) counts[one]!++;
  return counts.map((count) => perSide((side) => count * fractions[side]));
}

/** The class with the fewest patients still to be dealt, at least one; −1 when there is none. */
function rarestClass(
  patients: ReadonlyMap<string, ReadonlySet<number>>,
  sides: ReadonlyMap<string, SplitName>,
  classCount: number,
): number {
  const left = new Array<number>(classCount).fill(0);
  for (const [patient, classes] of patients) {
    if (!sides.has(patient)) for (const one of classes) left[one]!++;
  }
  return left.reduce((rare, count, i) => (count > 0 && (rare < 0 || count < left[rare]!) ? i : rare), -1);
}

/** Of the sides with room the one that needs most; equal needs are told apart by the room left. */
function neediestSide(room: PerSide, need: PerSide): SplitName {
  const open = splitNames.filter((side) => room[side] > 0);
  return open.reduce((best, side) =>
    need[side] > need[best] || (need[side] === need[best] && room[side] > room[best]) ? side : best,
  );
}

/** Patients a side, by the largest remainder. @throws InputError when the training side would be empty. */
function sideSizes(count: number, fractions: SplitFractions): PerSide {
  const sizes = perSide((side) => Math.floor(count * fractions[side] + 1e-9));
  const remainder = (side: SplitName): number =>
    count * fractions[side] - Math.floor(count * fractions[side] + 1e-9);
  const byRemainder = [...splitNames].sort((a, b) => remainder(b) - remainder(a));
  const missing = count - splitNames.reduce((sum, side) => sum + sizes[side], 0);
  for (const side of byRemainder.slice(0, missing)) sizes[side]++;
  if (count > 0 && sizes.train === 0)
    throw new InputError(
      `Of ${count} patients none is left to train on; raise the share of the training side.`,
    );
  return sizes;
}

function checkFractions(fractions: SplitFractions): void {
  const shares = splitNames.map((side) => fractions[side]);
  const sum = shares.reduce((total, share) => total + share, 0);
  if (!shares.every((share) => share >= 0 && share <= 1) || Math.abs(sum - 1) > 1e-6)
    throw new InputError(
      `The shares of the split must each be between 0 and 1 and sum to 1; they are ${shares.join(', ')}.`,
    );
}

function perSide(value: (side: SplitName) => number): PerSide {
  return { train: value('train'), validation: value('validation'), test: value('test') };
}

/**
 * Checks that no patient is on two sides; films without a side yet are not looked at.
 * @throws InputError with the number of such patients and the first five names.
 */
export function assertPatientLevelSplit(
  rows: readonly { readonly patientId: string; readonly split: StatedSide }[],
): void {
  const sentence = leakSentence(rows);
  if (sentence) throw new InputError(sentence);
}

/**
 * Who is on several sides of the split, in a sentence; null when nobody is. "Training or validation" goes with either of the two, for then
 * all films of the patient go there.
 */
export function leakSentence(
  rows: readonly { readonly patientId: string; readonly split: StatedSide }[],
): string | null {
  const sides = new Map<string, Set<SplitName | 'training or validation'>>();
  for (const { patientId, split: stated } of rows) {
    const split = stated === 'trainValidation' ? 'training or validation' : stated;
    if (split === null) continue;
    const known = sides.get(patientId);
    if (known) known.add(split);
    else sides.set(patientId, new Set([split]));
  }
  const leaks = [...sides].filter(([, on]) => isLeak(on));
  if (leaks.length === 0) return null;
  const named = leaks.slice(0, 5).map(([patient, on]) => `${patient} (${[...on].join(' and ')})`);
  const more = leaks.length > 5 ? ` and ${leaks.length - 5} more` : '';
  return (
    `${countPhrase(leaks.length, 'patient is', 'patients are')} on ${leaks.some(([, on]) => on.size > 2) ? 'several' : 'two'} sides of the split: ${named.join(', ')}${more}. ` +
    'Put all films of a patient on one side, or import without the split column.'
  );
}

function isLeak(sides: ReadonlySet<string>): boolean {
  const open = sides.has('training or validation');
  return sides.size > 1 && !(open && sides.size === 2 && !sides.has('test'));
}
