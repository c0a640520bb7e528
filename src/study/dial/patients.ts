/**
 * The dial's patients: one film and one report each, as rows of numbers.
 *
 * A film is its 8 × 8 mean grey values. A report is represented by what the radiologist decided to say, before it is put into words, so no
 * text encoder is needed.
 */
import { drawSyntheticCohort, drawSyntheticRecords } from '../../cohort/synthetic/generator.ts';
import { syntheticLabelNames } from '../../cohort/synthetic/labels.ts';
import { findingNames } from '../../cohort/synthetic/patient.ts';
import type { Statements } from '../../cohort/synthetic/statements.ts';
import { cohortDials, type DialSettings, type DialSizes } from './settings.ts';

/** The label that the dial is about: its log-odds rise with a hidden severity. */
export const dialLabel = 'icu_admission_7d';

/** Side of the films, px. */
const side = 16;
const grid = 8;

/** Films and labels of all patients: training patients first, then validation, then test patients. */
export interface DialFilms {
  /** [patients, 64], standardised by the training patients. */
  readonly rows: readonly Float64Array[];
  /** [patients], 0 or 1. */
  readonly labels: readonly number[];
}

/** Reports of the same patients. */
export interface DialReports {
  /** [patients, report features], standardised by the training patients. */
  readonly rows: readonly Float64Array[];
  /** The words of the first patient's report, to be read by a person. */
  readonly example: string;
}

/** Draws the films; yields how many are drawn. They do not depend on reports. */
export function* drawDialFilms(settings: DialSettings, sizes: DialSizes): Generator<number, DialFilms> {
  const rows: Float64Array[] = [];
  const labels: number[] = [];
  for (const { pixels, labels: all } of drawSyntheticCohort(cohortDials(settings, sizes), side)) {
    rows.push(gridMeans(pixels));
    labels.push(all[labelIndex]!);
    yield rows.length;
  }
  return { rows: standardise(rows, sizes.trainingPatients), labels };
}

/** What the reports of the same patients say at the dial's position. */
export function drawDialReports(settings: DialSettings, sizes: DialSizes): DialReports {
  const records = [...drawSyntheticRecords(cohortDials(settings, sizes))];
  const rows = records.map(({ statements }) => reportFeatures(statements));
  return { rows: standardise(rows, sizes.trainingPatients), example: records[0]!.report };
}

/**
 * A report as numbers: for each finding whether it is affirmed, denied, hedged, and its grade; whether severity is graded, and how; the
 * outcome as −1 or 1. What is not said is 0.
 */
export function reportFeatures({ findings, airspaceGrade, icuAdmission }: Statements): Float64Array {
  const said = findingNames.flatMap((name) => {
    const statement = findings.find(({ finding }) => finding === name);
    const kinds = (['present', 'absent', 'hedged'] as const).map((kind) => Number(statement?.kind === kind));
    return [...kinds, (statement?.grade ?? -1) + 1];
  });
  const graded = airspaceGrade === null ? [0, 0] : [1, airspaceGrade - middleGrade];
  return Float64Array.from([...said, ...graded, icuAdmission === null ? 0 : 2 * icuAdmission - 1]);
}

/** The middle of the six grades 0 to 5, so that an ungraded report counts as an ordinary one. */
const middleGrade = 2.5;
const labelIndex = syntheticLabelNames.indexOf(dialLabel);

function gridMeans(pixels: Uint8Array): Float64Array {
  const step = side / grid;
  const means = new Float64Array(grid * grid);
  pixels.forEach((level, i) => {
    const row = Math.floor(i / side / step);
    const column = Math.floor((i % side) / step);
    means[row * grid + column]! += level / step ** 2;
  });
  return means;
}

/** Columns with mean 0 and variance 1 over the first `count` rows; a column that does not vary there becomes 0. */
function standardise(rows: readonly Float64Array[], count: number): Float64Array[] {
  const reference = rows.slice(0, count);
  const mean = rows[0]!.map((_, j) => reference.reduce((sum, row) => sum + row[j]!, 0) / count);
  const deviation = mean.map((m, j) =>
    Math.sqrt(reference.reduce((sum, row) => sum + (row[j]! - m) ** 2, 0) / count),
  );
  return rows.map((row) =>
    row.map((value, j) => (deviation[j]! > 1e-9 ? (value - mean[j]!) / deviation[j]! : 0)),
  );
}
