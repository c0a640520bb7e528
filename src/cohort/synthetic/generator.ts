/**
 * The synthetic cohort: chest-film-like images with reports and labels, drawn from a hidden truth by a seeded generator.
 */
import { Random } from '../../random/random.ts';
import type { LabelValue } from '../cohort.ts';
import { checkDials, type SyntheticDials } from './dials.ts';
import { drawFilm } from './film.ts';
import { drawLabels, drawOutcomes } from './labels.ts';
import {
  drawFilmCount,
  drawPatient,
  driftTruth,
  patientRandom,
  type HiddenTruth,
  type SyntheticPatient,
} from './patient.ts';
import { drawPose, type Pose } from './pose.ts';
import { writeReport } from './report.ts';
import { drawSigns } from './signs.ts';
import { drawStatements, type Statements } from './statements.ts';

/** What is written down about one film of the synthetic cohort. */
export interface SyntheticRecord {
  readonly imageId: string;
  readonly patientId: string;
  readonly report: string;
  /** What the report says, before it was put in words. */
  readonly statements: Statements;
  /** One value per label, in the order of `syntheticLabelNames`. */
  readonly labels: readonly LabelValue[];
  /** sex, age (a band of years) and view (PA or AP). */
  readonly groups: Readonly<Record<string, string>>;
}

/** One film of the synthetic cohort with all that is written down about it. */
export interface SyntheticFilm extends Omit<SyntheticRecord, 'statements'> {
  /** side × side grey bytes, rows from the top; bone is bright, air is dark. */
  readonly pixels: Uint8Array;
}

/**
 * Draws the cohort film by film, patients in order. Equal dials and side give equal films, byte for byte; reports, labels and groups
 * do not depend on the side.
 *
 * @param side side in px of the square films, at least 16.
 * @throws InputError when a dial is out of range; RangeError when the side is.
 */
export function* drawSyntheticCohort(dials: SyntheticDials, side: number): Generator<SyntheticFilm> {
  checkDials(dials);
  if (!(Number.isInteger(side) && side >= 16))
    throw new RangeError(`drawSyntheticCohort: side must be a whole number of at least 16 px, got ${side}`);
  const seed = new Random(dials.seed);
  for (let index = 0; index < dials.patients; index++) {
    const random = patientRandom(seed, index);
    const patient = drawPatient(random, index, dials);
    for (let film = 0; film < patient.filmCount; film++)
      yield drawOccasion(patient, film, random, dials, side);
  }
}

/**
 * What is written down about the films of `drawSyntheticCohort`, in the same order, without drawing a film: a cohort whose dials differ
 * in the reports only has the same films.
 * @throws InputError when a dial is out of range.
 */
export function* drawSyntheticRecords(dials: SyntheticDials): Generator<SyntheticRecord> {
  checkDials(dials);
  const seed = new Random(dials.seed);
  for (let index = 0; index < dials.patients; index++) {
    const random = patientRandom(seed, index);
    const patient = drawPatient(random, index, dials);
    for (let film = 0; film < patient.filmCount; film++)
      yield drawRecord(patient, film, random, dials).record;
  }
}

/** How many films `drawSyntheticCohort` will draw; cheap. @throws InputError when a dial is out of range. */
export function syntheticFilmCount(dials: SyntheticDials): number {
  checkDials(dials);
  const seed = new Random(dials.seed);
  let count = 0;
  for (let index = 0; index < dials.patients; index++)
    count += drawFilmCount(patientRandom(seed, index), dials);
  return count;
}

function drawOccasion(
  patient: SyntheticPatient,
  film: number,
  patientStream: Random,
  dials: SyntheticDials,
  side: number,
): SyntheticFilm {
  const random = patientStream.fork(`film ${film}`);
  const { truth, pose, record } = drawRecord(patient, film, patientStream, dials);
  const signs = drawSigns(truth, dials.visibility, pose.view === 'AP', random.fork('signs'));
  const { imageId, patientId, report, labels, groups } = record;
  return {
    imageId,
    patientId,
    report,
    labels,
    groups,
    pixels: drawFilm(pose, signs, side, random.fork('film')),
  };
}

/** What is written down of one occasion, with the truth and the pose that its film needs. */
function drawRecord(
  patient: SyntheticPatient,
  film: number,
  patientStream: Random,
  dials: SyntheticDials,
): { truth: HiddenTruth; pose: Pose; record: SyntheticRecord } {
  const random = patientStream.fork(`film ${film}`);
  const truth = driftTruth(patient.truth, random.fork('drift'));
  const outcomes = drawOutcomes(patient.truth, patientStream.fork('outcomes'));
  const labels = drawLabels(truth, outcomes, dials, random.fork('labels'));
  const pose = drawPose(patient, patientStream.fork('build'), random.fork('pose'));
  const statements = drawStatements(truth, outcomes, dials, random.fork('statements'));
  const record = {
    imageId: `${patient.patientId}-film-${film + 1}`,
    patientId: patient.patientId,
    report: writeReport(patient, pose.view, film, statements, random.fork('words')),
    statements,
    labels,
    groups: { sex: patient.sex, age: ageBand(patient.age), view: pose.view },
  };
  return { truth, pose, record };
}

function ageBand(years: number): string {
  if (years < 40) return '18-39';
  if (years < 60) return '40-59';
  return years < 80 ? '60-79' : '80+';
}
