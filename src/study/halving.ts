/**
 * Successive halving of candidates: all of them run for few steps, the best third on validation patients for three times as many, the best
 * third of these in full. Every rung starts again from the same initial weights, so a run stays a pure function of its configuration.
 *
 * Jamieson, Talwalkar. "Non-stochastic Best Arm Identification and Hyperparameter Optimization", AISTATS 2016,
 * https://arxiv.org/abs/1502.07943, Figure 3; cut by three instead of by two, and with whole thirds, as in Li et al., "Hyperband",
 * JMLR 18 (2018), https://arxiv.org/abs/1603.06560, Algorithm 1.
 */
import type { TrainingSettings } from '../training/task.ts';
import type { CandidateSearch } from './config.ts';
import type { PlannedRun, Promotion, RunJob, RunResult } from './job.ts';

/** Inverse of the share of candidates that continue. */
const cut = 3;

/** Largest number of cuts: fewer than a ninth of the steps would say nothing. */
const mostCuts = 2;

/** No rung has fewer steps, because after fewer steps the result depends more on the initial weights than on the candidate. */
const leastSteps = 20;

/** Fewest candidates for a cut. */
export const fewestCandidates = cut;

/** One round of a search. */
export interface Rung {
  /** Candidates that run in it. */
  readonly runs: number;
  /** Steps that each of them may take. */
  readonly maxSteps: number;
}

/** The steps of a run in full, and how often it is looked at. */
export type StepSettings = Pick<TrainingSettings, 'maxSteps' | 'validateEverySteps'>;

/**
 * The rungs of a search, first to last; a grid has one. Steps of the rungs before the last are whole multiples of `validateEverySteps`; the
 * last rung has `maxSteps`.
 * @param candidates at least 1; with fewer than 9 there is one cut, with fewer than 3 none.
 */
export function rungsOf(search: CandidateSearch, candidates: number, steps: StepSettings): readonly Rung[] {
  const cuts = search === 'grid' ? 0 : cutsOf(candidates);
  return Array.from({ length: cuts + 1 }, (_, rung) => ({
    runs: Math.floor(candidates / cut ** rung),
    maxSteps: rung === cuts ? steps.maxSteps : shortened(steps, cut ** (cuts - rung)),
  }));
}

/** Whether each rung is longer than the one before, without which nothing is saved. */
export function canBeCut(candidates: number, steps: StepSettings): boolean {
  const rungs = rungsOf('successiveHalving', candidates, steps);
  return rungs.every(({ maxSteps }, i) => i === 0 || maxSteps > rungs[i - 1]!.maxSteps);
}

/** Training with the steps of a rung; the warm-up keeps its share of them. */
export function trainingOfRung<T extends Pick<TrainingSettings, 'maxSteps' | 'warmupSteps'>>(
  training: T,
  { maxSteps }: Rung,
): T {
  const warmupSteps = Math.floor((training.warmupSteps * maxSteps) / training.maxSteps);
  return { ...training, maxSteps, warmupSteps };
}

/**
 * The run that stands at a place of a rung when its runs are ordered by validation score, best first; equals keep the order of the plan.
 * @param rung results of the whole rung, in plan order.
 * @throws RangeError when the rung has no such place.
 */
export function promotedRun(rung: readonly RunResult[], place: number): RunResult {
  const ordered = [...rung].sort((a, b) => b.validationScore - a.validationScore);
  const run = ordered[place];
  if (!run) throw new RangeError(`promotedRun: a rung of ${rung.length} runs has no place ${place}`);
  return run;
}

/**
 * A planned run with its candidate: its own, or that of the run which earned the place in the rung before.
 * @param resultOf the result of a run of the rung before; undefined when there is none.
 * @throws RangeError when a run of the rung before has no result, or the planned run has neither candidate nor rung.
 */
export function resolveRun(
  { id, job, promotion }: { readonly id: string; readonly job: PlannedRun; readonly promotion?: Promotion },
  resultOf: (id: string) => RunResult | undefined,
): RunJob {
  if (promotion) {
    const rung = promotion.rungIds.map((rungId) => {
      const result = resultOf(rungId);
      if (!result) throw new RangeError(`resolveRun: run ${id} needs run ${rungId}, which has no result yet`);
      return result;
    });
    const { lambda, temperature, training } = promotedRun(rung, promotion.place).job;
    return { ...job, lambda, temperature, training: { ...job.training, weightDecay: training.weightDecay } };
  }
  const { weightDecay } = job.training;
  if (weightDecay === null) throw new RangeError(`resolveRun: run ${id} has neither a candidate nor a rung`);
  return { ...job, training: { ...job.training, weightDecay } };
}

function cutsOf(candidates: number): number {
  let cuts = 0;
  while (cuts < mostCuts && candidates >= cut ** (cuts + 1)) cuts++;
  return cuts;
}

function shortened({ maxSteps, validateEverySteps }: StepSettings, divisor: number): number {
  const validations = Math.ceil(Math.max(maxSteps / divisor, leastSteps) / validateEverySteps);
  return Math.min(maxSteps, validations * validateEverySteps);
}
