/** The grid of (λ, τ) on validation patients, against numbers worked by hand. */
import { describe, expect, it } from 'vitest';
import { gridsOf } from '../../src/study/candidate-grid.ts';
import type { RunJob, RunResult } from '../../src/study/job.ts';
import { selectRuns } from '../../src/study/selection.ts';
import { simulateStudy } from './simulated-study.ts';

/** Candidates 0 and 1 are one (λ, τ) with two weight decays; 2 and 3 are two others. */
const places = [
  { lambda: 0.9, temperature: 1 },
  { lambda: 0.9, temperature: 1 },
  { lambda: 0.3, temperature: 4 },
  { lambda: 0.3, temperature: 2 },
];

/** Validation AUROC by seed and candidate. */
const aurocs: Readonly<Record<number, readonly number[]>> = {
  1: [0.7, 0.74, 0.6, 0.72],
  2: [0.8, 0.7, 0.66, 0.82],
  3: [0.76, 0.75, 0.69, 0.77],
};

const study = simulateStudy({ strengths: { imageOnly: 1, student: 1.5, selfDistilled: 1 }, candidates: 4 });

function candidateOf(id: string): number {
  return Number(id.split('-').at(-1));
}

/** The simulated study with our grid and our validation AUROCs in the student's runs. */
function withGrid(aurocOf: (seed: number, candidate: number) => number | null) {
  const placed = (id: string, job: RunJob): RunJob =>
    id.startsWith('student') ? { ...job, ...places[candidateOf(id)]! } : job;
  const plan = study.plan.map((planned) => ({
    ...planned,
    job: placed(planned.id, planned.job as RunJob),
  }));
  const results = (study.results as readonly RunResult[]).map((run) => {
    if (!run.id.startsWith('student')) return run;
    const auroc = aurocOf(run.job.seed, candidateOf(run.id));
    return {
      ...run,
      job: placed(run.id, run.job),
      validationAuroc: auroc,
      validationScore: auroc ?? -0.5,
    };
  });
  return { plan, results };
}

const gridOfStudent = ({ plan, results }: ReturnType<typeof withGrid>) =>
  gridsOf(selectRuns(plan, results)).find(({ arm }) => arm === 'student')!;

describe('gridsOf', () => {
  it('gives the mean and deviation over seeds of each (λ, τ), with the best weight decay of each seed', () => {
    const { candidates } = gridOfStudent(withGrid((seed, candidate) => aurocs[seed]![candidate]!));
    expect(candidates.map(({ lambda, temperature }) => [lambda, temperature])).toEqual([
      [0.3, 2],
      [0.3, 4],
      [0.9, 1],
    ]);
    const [second, , first] = candidates;
    // Best of two weight decays: 0.74, 0.80, 0.76.
    expect(first!.validationAuroc).toBeCloseTo(2.3 / 3, 12);
    expect(first!.standardDeviation).toBeCloseTo(
      Math.sqrt((0.08 / 3) ** 2 / 2 + (0.1 / 3) ** 2 / 2 + (0.02 / 3) ** 2 / 2),
      12,
    );
    expect(first).toMatchObject({ chosenBy: 1, seeds: 3 });
    // 0.72, 0.82, 0.77; the best of seeds 2 and 3.
    expect(second!.validationAuroc).toBeCloseTo(0.77, 12);
    expect(second!.standardDeviation).toBeCloseTo(0.05, 12);
    expect(second).toMatchObject({ chosenBy: 2, seeds: 3 });
  });

  it('has one grid a condition that distils, and looks at no test prediction', () => {
    const { plan, results } = withGrid((seed, candidate) => aurocs[seed]![candidate]!);
    const grids = gridsOf(selectRuns(plan, results));
    expect(grids.map(({ arm }) => arm)).toEqual(['student', 'selfDistilled']);
    const blind = results.map((run) => ({
      ...run,
      get test(): never {
        throw new Error('a test prediction was looked at');
      },
    }));
    expect(gridsOf(selectRuns(plan, blind as readonly RunResult[]))).toEqual(grids);
  });

  it('says null where a seed has no AUROC, and no deviation of one seed', () => {
    const { plan, results } = withGrid((seed, candidate) => (seed === 2 ? null : aurocs[seed]![candidate]!));
    expect(gridOfStudent({ plan, results }).candidates[0]).toMatchObject({
      validationAuroc: null,
      standardDeviation: null,
    });
    const one = <T extends { readonly id: string }>(all: readonly T[]) =>
      all.filter(({ id }) => id.includes('-1-'));
    expect(gridOfStudent({ plan: one(plan), results: one(results) }).candidates[0]).toEqual({
      ...{
        lambda: 0.3,
        temperature: 2,
        validationAuroc: 0.72,
        standardDeviation: null,
        chosenBy: 0,
        seeds: 1,
      },
    });
  });
});
