/**
 * The run table's lines: the plan joined with what is known of each job so far.
 */
import { arms as armsOfStudies } from '../../study/arms/registry.ts';
import type { ArmName } from '../../study/arms/registry.ts';
import type { Tuning } from '../../training/fine-tuning.ts';
import type { JobResult, PlannedJob } from '../../study/job.ts';
import type { TrainingPoint } from '../../training/task.ts';
import type { Pace } from './pace.ts';

/** What became of a job. */
export type JobState = 'waiting' | 'running' | 'done' | 'failed';

/** What is known of a job while a study runs. */
export interface LiveJob {
  readonly state: JobState;
  readonly points: readonly TrainingPoint[];
  readonly maxSteps: number;
  readonly sentence: string | null;
  /** Null before its first step, and after a pause. */
  readonly pace?: Pace | null;
}

/** Live jobs by id. */
export type LiveJobs = ReadonlyMap<string, LiveJob>;

/** The jobs with some of them changed. */
export function withChanges(jobs: LiveJobs, changes: LiveJobs): LiveJobs {
  return new Map([...jobs, ...changes]);
}

/** The jobs with one of them changed. */
export function withChange(jobs: LiveJobs, id: string, job: LiveJob): LiveJobs {
  return withChanges(jobs, new Map([[id, job]]));
}

/** The jobs that failed. */
export function failedJobs(jobs: LiveJobs): LiveJobs {
  return new Map([...jobs].filter(([, { state }]) => state === 'failed'));
}

/** No job at all. */
export const noJobs: LiveJobs = new Map();

/** Results by their job's id. */
export function resultsById(results: readonly JobResult[]): ReadonlyMap<string, JobResult> {
  return new Map(results.map((result) => [result.id, result]));
}

/** One line of the table. */
export interface RunLine {
  readonly id: string;
  readonly state: JobState;
  readonly kind: PlannedJob['job']['kind'];
  readonly arms: readonly ArmName[];
  readonly label: string | null;
  readonly tuning: Tuning | null;
  readonly encoder: string;
  /** Name of the recipe, or 'none'. */
  readonly pretraining: string;
  readonly trainingSize: number | 'all' | null;
  readonly seed: number;
  readonly weightDecay: number | null;
  readonly lambda: number | null;
  readonly temperature: number | null;
  readonly validationAuroc: number | null;
}

/** Columns that the table sorts by. */
export type SortKey = Exclude<keyof RunLine, 'id' | 'kind'>;

/** The lines of a plan, in its order. */
export function runLines(
  plan: readonly PlannedJob[],
  results: ReadonlyMap<string, JobResult>,
  live: ReadonlyMap<string, LiveJob>,
): RunLine[] {
  return plan.map(({ id, job, arms }) => {
    const result = results.get(id);
    // A run of a later rung of successive halving knows its candidate when it is done.
    const run = result?.kind === 'run' ? result.job : job.kind === 'run' ? job : null;
    return {
      id,
      state: result ? 'done' : (live.get(id)?.state ?? 'waiting'),
      kind: job.kind,
      arms,
      label: run?.label ?? null,
      tuning: run?.tuning ?? null,
      encoder: job.kind === 'features' ? job.encoder.name : job.imageEncoder.name,
      pretraining: job.kind === 'pretraining' ? job.recipe.name : job.pretraining,
      trainingSize: run?.trainingSize ?? null,
      seed: job.seed,
      weightDecay: run?.training.weightDecay ?? null,
      lambda: run?.lambda ?? null,
      temperature: run?.temperature ?? null,
      validationAuroc:
        result?.kind === 'run' ? result.validationAuroc : bestAuroc(live.get(id)?.points ?? []),
    };
  });
}

/** What a line is about, as tables name it: its arms, or the work that arms share. */
export function armWords({ kind, arms, pretraining }: RunLine): string {
  switch (kind) {
    case 'features':
      return 'features';
    case 'pretraining':
      return `pre-training: ${pretraining}`;
    case 'run':
      return arms.map((arm) => armsOfStudies[arm].label).join(', ');
    default:
      return kind satisfies never;
  }
}

/** The best validation AUROC of a curve; null when there is none. */
export function bestAuroc(points: readonly TrainingPoint[]): number | null {
  return points.reduce<number | null>(
    (best, { validationAuroc }) =>
      validationAuroc !== undefined && (best === null || validationAuroc > best) ? validationAuroc : best,
    null,
  );
}

/** The lines sorted by a column; what has no value comes last either way. The order of equals is kept. */
export function sortLines(lines: readonly RunLine[], key: SortKey, descending: boolean): RunLine[] {
  const sign = descending ? -1 : 1;
  return [...lines].sort((a, b) => {
    const [left, right] = [sortValue(a, key), sortValue(b, key)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * (left < right ? -1 : left > right ? 1 : 0);
  });
}

const stateOrder: readonly JobState[] = ['failed', 'running', 'done', 'waiting'];

function sortValue(line: RunLine, key: SortKey): number | string | null {
  const value = line[key];
  if (key === 'state') return stateOrder.indexOf(line.state);
  if (key === 'arms') return armWords(line);
  if (key === 'trainingSize' && value === 'all') return Infinity;
  return value as number | string | null;
}
