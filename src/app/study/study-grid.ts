/**
 * The structure of a study as a picture: the runs of one label from one starting point, the starting points that repeat them, and what is
 * shared. Pure functions from a configuration and its plan to positions and texts.
 */
import { arms, completeArms } from '../../study/arms/registry.ts';
import { seesFilms } from '../../training/methods/inputs.ts';
import type { ArmName } from '../../study/arms/registry.ts';
import type { StudyConfig } from '../../study/config.ts';
import type { PlannedJob, RunJob } from '../../study/job.ts';
import type { EncoderChoice, Tuning } from '../../training/fine-tuning.ts';
import { counted, formatCount, formatTrainingSize } from '../../figures/number-words.ts';

/** Runs of one arm at one training size, of one label from one starting point. */
export interface ArmCell {
  readonly trainingSize: number | 'all';
  readonly candidates: number;
  readonly seeds: number;
}

/** An arm's row. */
export interface ArmRow {
  readonly arm: ArmName;
  /** The arm that teaches it, in words; null when nobody does. */
  readonly taughtBy: string | null;
  readonly cells: readonly ArmCell[];
}

/** A starting point of the image encoder, and how many runs of all labels each way of fine-tuning has from there. */
export interface StartRow {
  /** A recipe's name, "no pre-training", or "report only" for runs without a film encoder. */
  readonly name: string;
  /** Pre-trainings behind it: one per encoder and seed. */
  readonly pretrainings: number;
  /** Runs for each column of `columns`; 0 where there is none. */
  readonly runs: readonly number[];
  /** True for the row that adds up the starting points that are not drawn one by one. */
  readonly several: boolean;
}

/** The picture. */
export interface StudyGridLayout {
  readonly labels: readonly string[];
  readonly sizes: readonly (number | 'all')[];
  readonly arms: readonly ArmRow[];
  /** An encoder and a way of tuning each. */
  readonly columns: readonly string[];
  readonly starts: readonly StartRow[];
  /** Starting points that are not drawn one by one: their rows are added up in one. */
  readonly collapsed: number;
  readonly runs: number;
  /** What is shared, and that budgets are equal, as sentences with counts. */
  readonly facts: readonly string[];
}

/** Starting points that are drawn; more are added up. */
export const mostStarts = 12;
/** Squares of a cell that are drawn; larger numbers are written as a product. */
export const mostSquares = 40;

const tuningWords: Readonly<Record<Tuning, string>> = {
  linearProbe: 'linear probe',
  full: 'full fine-tuning',
};
const reportOnly = 'report only';
const fromScratch = 'no pre-training';

/** Lays a study out. */
export function layOutStudy(config: StudyConfig, plan: readonly PlannedJob[]): StudyGridLayout {
  const runs = plan.filter(isRun);
  const columns = config.imageEncoders.flatMap((encoder) =>
    config.tunings.map(({ tuning }) => `${called(encoder)}, ${tuningWords[tuning]}`),
  );
  const starts = startRows(config, plan, runs, columns);
  const ofReports = reportRows(config, runs, columns);
  return {
    labels: config.labels,
    sizes: sizesOf(runs),
    arms: armRows(config, runs),
    columns,
    starts: [...collapse(starts), ...ofReports],
    collapsed: starts.length > mostStarts ? starts.length - (mostStarts - 1) : 0,
    runs: runs.length,
    facts: factsOf(config, plan, runs),
  };
}

/** A sentence that says the whole in words, for those who cannot see it. */
export function describeStudy({
  labels,
  sizes,
  arms: rows,
  starts,
  collapsed,
  runs,
  facts,
}: StudyGridLayout): string {
  const drawn = starts.filter(({ name, several }) => name !== reportOnly && !several).length;
  const points = drawn + collapsed;
  return [
    `${counted(runs, 'training run')} in all: ${counted(labels.length, 'label')}, ${counted(points, 'starting point')}, ${counted(rows.length, 'arm')}, ${counted(sizes.length, 'training size')}.`,
    ...facts,
  ].join(' ');
}

/** The picture's numbers as a table: a line per starting point, then a line per arm and training size. */
export function tableOfStudy({ arms: rows, starts, columns }: StudyGridLayout): string[][] {
  const ofStarts = starts.flatMap(({ name, runs }) =>
    columns.map((column, place) => [`from ${name}`, column, formatCount(runs[place]!)]),
  );
  const ofArms = rows.flatMap(({ arm, cells }) =>
    cells.map(({ trainingSize, candidates, seeds }) => [
      arms[arm].label,
      `${formatTrainingSize(trainingSize)}, one label, one starting point`,
      `${candidates} × ${seeds}`,
    ]),
  );
  return [...ofStarts, ...ofArms];
}

type PlannedRun = PlannedJob & { readonly job: RunJob };

function isRun(planned: PlannedJob): planned is PlannedRun {
  return planned.job.kind === 'run';
}

function sizesOf(runs: readonly PlannedRun[]): (number | 'all')[] {
  const value = (size: number | 'all'): number => (size === 'all' ? Infinity : size);
  return [...new Set(runs.map(({ job }) => job.trainingSize))].sort((a, b) => value(a) - value(b));
}

function armRows(config: StudyConfig, runs: readonly PlannedRun[]): ArmRow[] {
  const [label] = config.labels;
  const first = runs.find(({ job }) => seesFilms(job.method))?.job;
  return completeArms(config.arms).map((arm) => {
    const own = runs.filter(
      ({ job, arms: users }) =>
        job.label === label &&
        // The permuted control's teacher is no arm, but its runs belong to that arm.
        users.includes(arm) &&
        job.method === arms[arm].method &&
        (!seesFilms(job.method) || isOfSameStart(job, first)),
    );
    return { arm, taughtBy: teacherWords(arm), cells: sizesOf(own).map((size) => cellOf(size, own)) };
  });
}

function cellOf(trainingSize: number | 'all', runs: readonly PlannedRun[]): ArmCell {
  const own = runs.filter(({ job }) => job.trainingSize === trainingSize);
  const seeds = new Set(own.map(({ job }) => job.seed)).size;
  const tunings = new Set(own.map(({ job }) => `${job.tuning} ${identity(job.imageEncoder)}`)).size;
  return { trainingSize, candidates: own.length / Math.max(1, seeds * tunings), seeds };
}

function isOfSameStart(job: RunJob, first: RunJob | undefined): boolean {
  return (
    first !== undefined &&
    job.tuning === first.tuning &&
    job.pretraining === first.pretraining &&
    identity(job.imageEncoder) === identity(first.imageEncoder)
  );
}

function teacherWords(arm: ArmName): string | null {
  const { teacher } = arms[arm];
  if (teacher === null) return null;
  return teacher === 'permutedTeacher' ? 'a teacher of its own on shuffled reports' : arms[teacher].label;
}

function startRows(
  config: StudyConfig,
  plan: readonly PlannedJob[],
  runs: readonly PlannedRun[],
  columns: readonly string[],
): StartRow[] {
  const ofFilms = runs.filter(({ job }) => seesFilms(job.method));
  const names = config.pretrainings.map((arm) => (arm === 'none' ? 'none' : arm.name));
  return names.map((name) => ({
    name: name === 'none' ? fromScratch : name,
    pretrainings: plan.filter(({ job }) => job.kind === 'pretraining' && job.recipe.name === name).length,
    runs: byColumn(
      config,
      columns,
      ofFilms.filter(({ job }) => job.pretraining === name),
    ),
    several: false,
  }));
}

/** Runs on reports alone, which do not depend on the starting point of the image encoder. */
function reportRows(
  config: StudyConfig,
  runs: readonly PlannedRun[],
  columns: readonly string[],
): StartRow[] {
  const own = runs.filter(({ job }) => !seesFilms(job.method));
  if (own.length === 0) return [];
  return [{ name: reportOnly, pretrainings: 0, runs: byColumn(config, columns, own), several: false }];
}

function byColumn(config: StudyConfig, columns: readonly string[], runs: readonly PlannedRun[]): number[] {
  const counts = columns.map(() => 0);
  for (const { job } of runs) {
    const encoder = config.imageEncoders.findIndex((other) => identity(other) === identity(job.imageEncoder));
    const tuning = config.tunings.findIndex((other) => other.tuning === job.tuning);
    counts[encoder * config.tunings.length + tuning]! += 1;
  }
  return counts;
}

function collapse(rows: readonly StartRow[]): StartRow[] {
  if (rows.length <= mostStarts) return [...rows];
  const [shown, rest] = [rows.slice(0, mostStarts - 1), rows.slice(mostStarts - 1)];
  return [
    ...shown,
    {
      name: `${rest.length} more`,
      pretrainings: rest.reduce((sum, { pretrainings }) => sum + pretrainings, 0),
      runs: rest[0]!.runs.map((_, place) => rest.reduce((sum, row) => sum + row.runs[place]!, 0)),
      several: true,
    },
  ];
}

function factsOf(config: StudyConfig, plan: readonly PlannedJob[], runs: readonly PlannedRun[]): string[] {
  const wanted = completeArms(config.arms);
  return [
    ...budgetFacts(config),
    ...sharedWeights(plan, runs),
    ...sharedTeachers(wanted, config.weightDecays.length),
    ...sharedReports(config, runs),
  ];
}

function budgetFacts({ weightDecays, seeds, arms: asked }: StudyConfig): string[] {
  const count = completeArms(asked).length;
  const tries = counted(weightDecays.length, 'candidate');
  return [
    count > 1
      ? `Equal budgets: each of the ${count} arms tries ${tries} with ${counted(seeds.length, 'seed')}; the best on validation patients counts.`
      : `The arm tries ${tries} with ${counted(seeds.length, 'seed')}; the best on validation patients counts.`,
  ];
}

function sharedWeights(plan: readonly PlannedJob[], runs: readonly PlannedRun[]): string[] {
  const serves = (
    kind: 'pretraining' | 'features',
    noun: string,
    plural: string,
    needs: (run: PlannedRun) => boolean,
  ): string[] => {
    const count = plan.filter(({ job }) => job.kind === kind).length;
    const served = runs.filter(needs).length;
    return count === 0
      ? []
      : [`${counted(count, noun, plural)} ${count === 1 ? 'serves' : 'serve'} ${counted(served, 'run')}.`];
  };
  const pretrained = new Set(
    plan
      .filter(({ job, pretrainingId = null }) => job.kind === 'features' && pretrainingId !== null)
      .map(({ id }) => id),
  );
  return [
    ...serves(
      'pretraining',
      'pre-training',
      'pre-trainings',
      ({ pretrainingId = null, featuresId }) =>
        pretrainingId !== null || (featuresId !== null && pretrained.has(featuresId)),
    ),
    ...serves('features', 'feature pass', 'feature passes', ({ featuresId }) => featuresId !== null),
  ];
}

/** @param candidates that each arm tries. */
function sharedTeachers(wanted: readonly ArmName[], candidates: number): string[] {
  const teachers = wanted.filter((arm) => wanted.some((other) => arms[other].teacher === arm));
  const sentences = teachers
    .filter((arm) => arm !== 'imageOnly')
    .map((arm) => {
      const students = wanted
        .filter((other) => arms[other].teacher === arm)
        .map((other) => arms[other].label);
      return `One ${arms[arm].label}, its best candidate, teaches ${counted(candidates * students.length, 'student')}: ${students.join(', ')}.`;
    });
  return teachers.includes('imageOnly')
    ? [
        ...sentences,
        `The baseline (${arms.imageOnly.label}) is also the teacher of the self-distilled control.`,
      ]
    : sentences;
}

function sharedReports(config: StudyConfig, runs: readonly PlannedRun[]): string[] {
  const count = runs.filter(({ job }) => !seesFilms(job.method)).length;
  const points = config.pretrainings.length;
  return count > 0 && points > 1
    ? [
        `${counted(count, 'report-only run')} ${count === 1 ? 'serves' : 'serve'} all ${points} starting points.`,
      ]
    : [];
}

function identity({ name, settings }: EncoderChoice): string {
  return JSON.stringify([name, settings]);
}

function called({ name, label }: EncoderChoice): string {
  return label ?? name;
}
