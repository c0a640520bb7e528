/**
 * Estimates a plan on a machine whose speed was measured: time as a range, storage, and jobs that are already done.
 */
import type { CohortRow } from '../../cohort/cohort.ts';
import { observedRows } from '../../cohort/training-size.ts';
import type { PlannedJob, PretrainingJob, PlannedRun } from '../job.ts';
import { usesReports } from '../recipes.ts';
import { pretrainingSteps, type PretrainingSteps } from '../../training/pre-training-steps.ts';
import { speedOf, type MeasuredSpeeds, type Speed, type SpeedOfKind } from './speed.ts';
import { kindsOf, type KindInPlan, type WorkFamily } from './work-kind.ts';

/** A time in ms: what it takes at least, and at most. */
export type TimeRange = readonly [lowMs: number, highMs: number];

/** What the jobs of one family take. */
export interface FamilyEstimate {
  readonly family: WorkFamily;
  readonly jobs: number;
  readonly timeMs: TimeRange;
}

/** What a study takes. */
export interface StudyEstimate {
  /** Of all jobs without a result whose speed is known; null when that is none although jobs are left. */
  readonly timeMs: TimeRange | null;
  readonly families: readonly FamilyEstimate[];
  /** What is stored in the end, with the largest checkpoint on the way, in bytes; of the same jobs. */
  readonly storageBytes: number;
  readonly jobs: number;
  /** Jobs that have a result and cost nothing. */
  readonly doneJobs: number;
  /** Kinds of work that were measured, that are estimated from the most similar measured kind, and that have no similar kind; in words. */
  readonly measured: readonly string[];
  readonly inferred: readonly string[];
  readonly unmeasured: readonly string[];
  /** When the oldest of the measurements in use was taken, ISO 8601; null without one. */
  readonly measuredAt: string | null;
}

/** The cohort as estimates need it. */
export interface EstimatedCohort {
  readonly labelNames: readonly string[];
  readonly rows: readonly CohortRow[];
  /** Side in px of the stored films. */
  readonly side: number;
}

/** Relative uncertainty of a speed that was measured over a few steps. */
const measuredMargin = 0.15;
/** Factor of uncertainty of a speed that was measured on another kind of work. */
const inferredFactor = 2;
/** Steps between two checkpoints, as the trainer takes them. */
const checkpointEverySteps = 50;

/** Bytes of one prediction in the database: a row as a short integer, a logit as a double. */
const predictionBytes = 13;
/** Bytes of one point of a learning curve: up to six numbers under their names. */
const pointBytes = 130;
/** Bytes of a result beside its predictions and its curve. */
const resultBytes = 1500;
/** Steps that make one point of the curve. */
const stepsPerPoint = 10;

/**
 * Adds up a plan. A run that may stop early takes at least the validations that its patience asks for and at most all its steps; a first
 * job of a kind may compile shaders or find them compiled; speeds are uncertain by 15 % where they were measured, by a factor of 2 where
 * not.
 * @param done ids of jobs that have a result.
 */
export function estimateStudy(
  plan: readonly PlannedJob[],
  cohort: EstimatedCohort,
  measuredSpeeds: MeasuredSpeeds | null,
  done: readonly string[] = [],
): StudyEstimate {
  const finished = new Set(done);
  const left = plan.filter(({ id }) => !finished.has(id));
  const size = { films: cohort.rows.length, side: cohort.side };
  const films = new FilmCounts(cohort);
  const kinds = kindsOf(left, size).map((found) => ({
    ...found,
    pace: speedOf(found.kind, measuredSpeeds?.speeds ?? []),
  }));
  const known = kinds.filter((entry): entry is KindInPlan & { pace: SpeedOfKind } => entry.pace !== null);
  const timed = known.map((entry) => ({
    family: entry.kind.family,
    jobs: entry.jobs.length,
    timeMs: kindTime(entry, films, measuredSpeeds?.keepMs ?? 0),
  }));
  const words = (wanted: (pace: SpeedOfKind | null) => boolean): string[] =>
    kinds.filter(({ pace }) => wanted(pace)).map(({ kind }) => kind.words);
  return {
    timeMs: left.length > 0 && known.length === 0 ? null : sumOf(timed.map(({ timeMs }) => timeMs)),
    families: byFamily(timed),
    storageBytes:
      known.reduce((sum, entry) => sum + kindBytes(entry, films), 0) +
      Math.max(0, ...known.map(({ pace }) => pace.speed.checkpointBytes)),
    jobs: plan.length,
    doneJobs: plan.length - left.length,
    measured: words((pace) => pace?.measured === true),
    inferred: words((pace) => pace?.measured === false),
    unmeasured: words((pace) => pace === null),
    measuredAt: known.map(({ pace }) => pace.speed.measuredAt).sort()[0] ?? null,
  };
}

function kindTime(
  { jobs, pace }: KindInPlan & { pace: SpeedOfKind },
  films: FilmCounts,
  keepMs: number,
): TimeRange {
  const { speed, measured } = pace;
  const [low, high] = sumOf(jobs.map((planned) => jobTime(planned.job, speed, films)));
  const kept = keepMs * jobs.length;
  const compiling = Math.max(0, speed.firstSetupMs - speed.setupMs);
  return measured
    ? [(1 - measuredMargin) * (low + kept), (1 + measuredMargin) * (high + kept + compiling)]
    : [(low + kept) / inferredFactor, inferredFactor * (high + kept + compiling)];
}

function jobTime(job: PlannedJob['job'], speed: Speed, films: FilmCounts): TimeRange {
  switch (job.kind) {
    case 'features': {
      const ms = speed.setupMs + films.all * speed.unitMs;
      return [ms, ms];
    }
    case 'pretraining': {
      const { steps, validateEverySteps } = stepsOf(job, films);
      const ms = loopTime(steps, validateEverySteps, speed.validationMs, speed) + speed.endMs;
      return [ms, ms];
    }
    case 'run': {
      const { training, validation, test } = films.ofRun(job);
      const filmMs = speed.validationMs / Math.max(1, speed.validationFilms);
      const { validateEverySteps: every } = job.training;
      const end = filmMs * (training + validation + test);
      const [low, high] = stepRange(job).map(
        (steps) => loopTime(steps, every, filmMs * validation, speed) + end,
      );
      return [low!, high!];
    }
    default:
      return job satisfies never;
  }
}

function loopTime(steps: number, validateEvery: number, validationMs: number, speed: Speed): number {
  const checkpoints = Math.floor((steps - 1) / checkpointEverySteps) * speed.checkpointMs;
  return speed.setupMs + steps * speed.unitMs + Math.ceil(steps / validateEvery) * validationMs + checkpoints;
}

/** Steps that a run takes at least, when its first validation stays the best, and at most. */
function stepRange({ training }: PlannedRun): [low: number, high: number] {
  const { maxSteps, validateEverySteps, patience } = training;
  return [patience > 0 ? Math.min(maxSteps, validateEverySteps * (1 + patience)) : maxSteps, maxSteps];
}

function stepsOf({ settings, recipe }: PretrainingJob, films: FilmCounts): PretrainingSteps {
  return pretrainingSteps(settings, usesReports(recipe) ? films.reported : films.training);
}

function kindBytes({ jobs, pace: { speed } }: KindInPlan & { pace: SpeedOfKind }, films: FilmCounts): number {
  return jobs.reduce((sum, { job }) => sum + jobBytes(job, speed, films), 0);
}

function jobBytes(job: PlannedJob['job'], speed: Speed, films: FilmCounts): number {
  switch (job.kind) {
    case 'features':
      return films.all * speed.keptBytes + resultBytes;
    case 'pretraining': {
      const { steps } = stepsOf(job, films);
      return speed.keptBytes + resultBytes + Math.ceil(steps / stepsPerPoint) * pointBytes;
    }
    case 'run': {
      const { training, validation, test } = films.ofRun(job);
      const { maxSteps, validateEverySteps } = job.training;
      const points = Math.ceil(maxSteps / Math.min(stepsPerPoint, validateEverySteps));
      return (training + validation + test) * predictionBytes + points * pointBytes + resultBytes;
    }
    default:
      return job satisfies never;
  }
}

function byFamily(timed: readonly FamilyEstimate[]): FamilyEstimate[] {
  const families = [...new Set(timed.map(({ family }) => family))];
  return families.map((family) => {
    const own = timed.filter((entry) => entry.family === family);
    return {
      family,
      jobs: own.reduce((sum, { jobs }) => sum + jobs, 0),
      timeMs: sumOf(own.map(({ timeMs }) => timeMs)),
    };
  });
}

function sumOf(ranges: readonly TimeRange[]): TimeRange {
  return ranges.reduce<TimeRange>(
    ([low, high], [moreLow, moreHigh]) => [low + moreLow, high + moreHigh],
    [0, 0],
  );
}

/** Films on each side of the split, by label; counted once. */
class FilmCounts {
  readonly all: number;
  /** Training films, and those of them with a report. */
  readonly training: number;
  readonly reported: number;
  readonly #cohort: EstimatedCohort;
  readonly #byLabel = new Map<
    string,
    { training: number; patients: number; validation: number; test: number }
  >();

  constructor(cohort: EstimatedCohort) {
    const training = cohort.rows.filter(({ split }) => split === 'train');
    this.all = cohort.rows.length;
    this.training = training.length;
    this.reported = training.filter(({ report }) => report.trim() !== '').length;
    this.#cohort = cohort;
  }

  /** Films that a run predicts; those of a part of the training patients by the mean of all. */
  ofRun({ label, trainingSize }: PlannedRun): { training: number; validation: number; test: number } {
    const { training, patients, validation, test } = this.#ofLabel(label);
    const share = trainingSize === 'all' ? 1 : Math.min(1, trainingSize / Math.max(1, patients));
    return { training: training * share, validation, test };
  }

  #ofLabel(label: string): { training: number; patients: number; validation: number; test: number } {
    const known = this.#byLabel.get(label);
    if (known) return known;
    const index = this.#cohort.labelNames.indexOf(label);
    const side = (split: CohortRow['split']): CohortRow[] => observedRows(this.#cohort.rows, index, split);
    const training = side('train');
    const counted = {
      training: training.length,
      patients: new Set(training.map(({ patientId }) => patientId)).size,
      validation: side('validation').length,
      test: side('test').length,
    };
    this.#byLabel.set(label, counted);
    return counted;
  }
}
