/**
 * Successive halving: rungs by hand, what is planned, and plans executed on candidates whose worth is known, so that what must be chosen
 * is known too.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/identity/fingerprint.ts';
import { arms as armsOfStudies } from '../../src/study/arms/registry.ts';
import type { StudyConfig } from '../../src/study/config.ts';
import { fitToCohort } from '../../src/study/fit.ts';
import {
  canBeCut,
  promotedRun,
  resolveRun,
  rungsOf,
  trainingOfRung,
  type StepSettings,
} from '../../src/study/halving.ts';
import {
  needsOf,
  type PlannedJob,
  type PlannedRun,
  type RunJob,
  type RunResult,
} from '../../src/study/job.ts';
import { planStudy } from '../../src/study/plan.ts';
import { presets } from '../../src/study/presets/registry.ts';
import { studyProblems } from '../../src/study/problems.ts';
import { runQueue } from '../../src/study/queue.ts';
import { bestOnValidation, selectRuns } from '../../src/study/selection.ts';
import { smallCohort } from './cohort-fixture.ts';

const steps = (maxSteps: number, validateEverySteps: number) => ({ maxSteps, validateEverySteps });

describe('rungsOf', () => {
  it.each<[number, StepSettings, ...[number, number][]]>([
    // Li et al. 2018, Algorithm 1 with R = 900, η = 3: n 9, 3, 1 at r 100, 300, 900.
    [9, steps(900, 10), [9, 100], [3, 300], [1, 900]],
    [12, steps(900, 10), [12, 100], [4, 300], [1, 900]],
    [35, steps(200, 10), [35, 30], [11, 70], [3, 200]],
    // A single cut: a third of 80 is 27, looked at every 10.
    [4, steps(80, 10), [4, 30], [1, 80]],
    // A ninth of 90 is too little; 20 is the least.
    [9, steps(90, 10), [9, 20], [3, 30], [1, 90]],
    [2, steps(900, 10), [2, 900]],
  ])('%i candidates of %j', (candidates, training, ...rungs) => {
    const expected = rungs.map(([runs, maxSteps]) => ({ runs, maxSteps }));
    expect(rungsOf('successiveHalving', candidates, training)).toEqual(expected);
  });

  it('is one rung for a grid', () => {
    expect(rungsOf('grid', 35, steps(200, 10))).toEqual([{ runs: 35, maxSteps: 200 }]);
  });

  it('saves steps wherever it can be cut, and ends with the steps of a run in full', () => {
    const total = (rungs: readonly { runs: number; maxSteps: number }[]) =>
      rungs.reduce((sum, { runs, maxSteps }) => sum + runs * maxSteps, 0);
    const numbers = [
      fc.integer({ min: 3, max: 200 }),
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 50 }),
    ] as const;
    fc.assert(
      fc.property(...numbers, (candidates, maxSteps, every) => {
        const training = steps(maxSteps, every);
        const rungs = rungsOf('successiveHalving', candidates, training);
        expect(rungs[0]!.runs).toBe(candidates);
        expect(rungs.at(-1)!.maxSteps).toBe(maxSteps);
        if (!canBeCut(candidates, training)) return;
        for (const rung of rungs.slice(0, -1)) {
          expect(rung.maxSteps % every).toBe(0);
          expect(rung.maxSteps).toBeGreaterThanOrEqual(20);
        }
        // The first rung saves what it leaves out; with long runs that is most of the work.
        if (maxSteps >= 9 * Math.max(20, every) && candidates >= 9)
          expect(total(rungs)).toBeLessThan(candidates * maxSteps);
      }),
    );
  });

  it('cannot be cut when a third of the steps is not fewer', () => {
    expect(canBeCut(4, steps(20, 10))).toBe(false);
    expect(canBeCut(4, steps(40, 40))).toBe(false);
    expect(canBeCut(9, steps(50, 10))).toBe(false); // 20, 20, 50
    expect(canBeCut(9, steps(90, 10))).toBe(true);
  });

  it('keeps the share of the warm-up', () => {
    expect(trainingOfRung({ maxSteps: 900, warmupSteps: 90 }, { runs: 9, maxSteps: 100 })).toEqual({
      maxSteps: 100,
      warmupSteps: 10,
    });
  });
});

const result = (id: string, job: RunJob, validationScore: number): RunResult => ({
  kind: 'run',
  id,
  job,
  teacherId: null,
  validationScore,
  validationAuroc: validationScore,
  positiveWeight: 1,
  training: { rows: [], logits: [] },
  validation: { rows: [], logits: [] },
  test: { rows: [], logits: [] },
  steps: job.training.maxSteps,
  bestStep: job.training.maxSteps,
  history: [],
  trainingPatients: 40,
  trainingPositives: 20,
  durationMs: 0,
  adapter: '',
  finishedAt: '',
});

const config: StudyConfig = {
  ...presets['demo']!,
  labels: ['a'],
  arms: ['student', 'permutedReports'],
  tunings: [
    {
      ...presets['demo']!.tunings[0]!,
      training: { ...presets['demo']!.tunings[0]!.training, maxSteps: 900 },
    },
  ],
  distillation: { weightDecays: [0.1], lambdas: [0.25, 0.5, 0.75], temperatures: [1, 2, 4] },
  weightDecays: [1, 2, 3, 4, 5, 6, 7, 8, 9],
  trainingSizes: ['all'],
  seeds: [1, 2],
  search: 'successiveHalving',
};

type Run = PlannedJob & { job: PlannedRun };
const isRun = (planned: PlannedJob): planned is Run => planned.job.kind === 'run';

/** Executes a plan by the queue, with scores instead of training. */
async function execute(plan: readonly PlannedJob[], score: (job: RunJob, planned: Run) => number) {
  const results = new Map<string, RunResult>();
  const outcome = await runQueue(plan, {
    finished: () => Promise.resolve(new Set()),
    execute: (planned) => {
      if (isRun(planned)) {
        const job = resolveRun(planned, (id) => results.get(id));
        results.set(planned.id, result(planned.id, job, score(job, planned)));
      }
      return Promise.resolve();
    },
    onStarted: () => undefined,
    onFinished: () => undefined,
    onFailed: () => undefined,
  });
  return { outcome, results };
}

describe('a plan with successive halving', () => {
  const cohort = smallCohort();

  it('gives every arm the same rungs', async () => {
    const plan = (await planStudy(config, cohort)).filter(isRun);
    const shapes = new Map<string, string[]>();
    for (const { arms, job } of plan)
      for (const arm of arms) {
        // The permuted control's teacher is searched for it, as wide as every other.
        const key = `${arm} ${job.seed} ${job.method === armsOfStudies[arm].method ? 'itself' : 'its teacher'}`;
        shapes.set(key, [...(shapes.get(key) ?? []), String(job.training.maxSteps)]);
      }
    const rungs = [...Array<string>(9).fill('100'), ...Array<string>(3).fill('300'), '900'];
    // Two seeds of five arms and of the permuted control's teacher.
    expect(shapes.size).toBe(2 * 6);
    for (const [key, maxSteps] of shapes) expect(maxSteps, key).toEqual(rungs);
  });

  it('plans later rungs without a candidate, after the whole rung before', async () => {
    const seen = new Set<string>();
    for (const planned of await planStudy(config, cohort)) {
      for (const need of needsOf(planned)) expect(seen.has(need)).toBe(true);
      seen.add(planned.id);
      if (!isRun(planned)) continue;
      const { promotion, job } = planned;
      if (job.training.maxSteps === 100) expect(promotion).toBeUndefined();
      else {
        expect(promotion!.rungIds).toHaveLength(job.training.maxSteps === 300 ? 9 : 3);
        expect(needsOf(planned)).toEqual(expect.arrayContaining([...promotion!.rungIds]));
        expect([job.training.weightDecay, job.lambda, job.temperature]).toEqual([null, null, null]);
      }
    }
  });

  it('lets the last rung of a teacher teach, and nobody else', async () => {
    const plan = (await planStudy(config, cohort)).filter(isRun);
    for (const { job, teacherIds } of plan.filter(({ job }) => job.method === 'distillation')) {
      const teachers = plan.filter(({ id }) => teacherIds.includes(id));
      expect(teachers.map((teacher) => teacher.job.training.maxSteps)).toEqual([900]);
      expect(teachers[0]!.job).toMatchObject({ label: job.label, seed: job.seed });
    }
  });

  it('has other ids when a candidate of the first rung is another', async () => {
    const idOfLast = async (study: StudyConfig) =>
      (await planStudy(study, cohort)).filter(isRun).find(({ job }) => job.training.maxSteps === 900)!.id;
    const first = await idOfLast(config);
    expect(await idOfLast({ ...config, name: 'another' })).toBe(first);
    expect(await idOfLast({ ...config, weightDecays: [1, 2, 3, 4, 5, 6, 7, 8, 10] })).not.toBe(first);
  });

  it('chooses the best candidate when its worth shows in every rung', async () => {
    const plan = await planStudy(config, cohort);
    // Best: weight decay 7; λ 0.75 at τ 2.
    const worth = ({ lambda, temperature, training }: RunJob) =>
      lambda === null
        ? 1 - Math.abs(training.weightDecay - 7) / 10
        : lambda - Math.abs(temperature! - 2) / 10;
    const { outcome, results } = await execute(plan, (job) => worth(job) + job.training.maxSteps / 1e6);
    expect(outcome).toMatchObject({ kind: 'finished', done: plan.length });
    const selected = selectRuns(plan, [...results.values()]);
    expect(selected.map(({ condition }) => condition.arm)).toEqual([
      'imageOnly',
      'teacher',
      'student',
      'selfDistilled',
      'permutedReports',
    ]);
    for (const { condition, candidates, chosen } of selected) {
      expect(candidates).toBe(9);
      expect(chosen.map(({ job }) => job.seed)).toEqual([1, 2]);
      for (const { job } of chosen) {
        expect(job.training.maxSteps).toBe(900);
        const distilling = armsOfStudies[condition.arm].teacher !== null;
        expect([job.training.weightDecay, job.lambda, job.temperature]).toEqual(
          distilling ? [0.1, 0.75, 2] : [7, null, null],
        );
      }
    }
  });

  it('promotes the best third of each rung, and never lets a short run be chosen', async () => {
    const plan = await planStudy({ ...config, arms: ['imageOnly'], seeds: [1] }, cohort);
    // The order turns with each rung, and short runs look best.
    const scores: Record<number, (weightDecay: number) => number> = {
      100: (weightDecay) => 0.9 + weightDecay / 1000,
      300: (weightDecay) => 0.8 - weightDecay / 1000,
      900: () => 0.6,
    };
    const { results } = await execute(plan, ({ training }) =>
      scores[training.maxSteps]!(training.weightDecay),
    );
    const decays = (maxSteps: number) =>
      [...results.values()]
        .filter(({ job }) => job.training.maxSteps === maxSteps)
        .map(({ job }) => job.training.weightDecay);
    expect(decays(300)).toEqual([9, 8, 7]);
    expect(decays(900)).toEqual([7]);
    const [selected] = selectRuns(plan, [...results.values()]);
    expect(selected!.chosen.map(({ validationScore }) => validationScore)).toEqual([0.6]);
  });

  it('breaks ties by the order of the plan', async () => {
    const plan = await planStudy({ ...config, arms: ['imageOnly'], seeds: [1] }, cohort);
    const { results } = await execute(plan, () => 0.5);
    const runs = [...results.values()];
    expect(runs.map(({ job }) => job.training.weightDecay)).toEqual([...config.weightDecays, 1, 2, 3, 1]);
  });

  it('leaves a condition out until its last rung is done', async () => {
    const plan = await planStudy({ ...config, arms: ['imageOnly'], seeds: [1] }, cohort);
    const { results } = await execute(plan, () => 0.5);
    const all = [...results.values()];
    expect(selectRuns(plan, all)).toHaveLength(1);
    for (const missing of all)
      expect(
        selectRuns(
          plan,
          all.filter((run) => run !== missing),
        ),
      ).toEqual([]);
  });

  it('does not run what needs a failed candidate', async () => {
    const plan = await planStudy({ ...config, arms: ['imageOnly'], seeds: [1] }, cohort);
    const { outcome, results } = await execute(plan, (job, { promotion }) => {
      if (!promotion && job.training.weightDecay === 5) throw new Error('The loss is not finite.');
      return 0.5;
    });
    expect(outcome.kind).toBe('failed');
    expect([...results.values()].map(({ job }) => job.training.maxSteps)).toEqual(Array(8).fill(100));
    expect(outcome.failures).toHaveLength(1 + 3 + 1);
  });
});

describe('without successive halving', () => {
  it('keeps the ids that results were stored under, run by run', async () => {
    // Counts and hashes of all ids from before there were rungs.
    for (const [name, count, hash] of [
      ['distillation', 965, 'e02c0f76d300c5559d01'],
      ['fineTuning', 147, '66f1ba3520c4df901797'],
      ['pretraining', 441, '23215ed1a26ebe6110f0'],
    ] as const) {
      const plan = await planStudy({ ...presets[name]!, labels: ['a', 'b'] }, smallCohort());
      expect([plan.length, await fingerprint(plan.map(({ id }) => id))], name).toEqual([count, hash]);
    }
  });

  it('is the same study whether the grid is named or not', () => {
    const cohort = { ...smallCohort(), side: 64 };
    const options = { preset: false, smoke: false };
    const named = fitToCohort({ ...config, search: 'grid' }, cohort, cohort.rows, options);
    const { search: _, ...unnamed } = config;
    expect(named).toEqual(fitToCohort(unnamed, cohort, cohort.rows, options));
  });
});

describe('promotedRun and resolveRun', () => {
  it('choose for the first place what selection would choose', () => {
    const job = { training: { maxSteps: 1, weightDecay: 1 } } as RunJob;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 12 }), (scores) => {
        const runs = scores.map((score, i) => result(`run ${i}`, job, score));
        expect(promotedRun(runs, 0)).toBe(bestOnValidation(runs));
        const places = runs.map((_, place) => promotedRun(runs, place));
        expect(new Set(places).size).toBe(runs.length);
        for (const [i, run] of places.slice(1).entries())
          expect(run.validationScore).toBeLessThanOrEqual(places[i]!.validationScore);
      }),
    );
    expect(() => promotedRun([], 0)).toThrow('no place 0');
  });

  it('say which run has no result yet', async () => {
    const plan = (await planStudy(config, smallCohort())).filter(isRun);
    const later = plan.find(({ promotion }) => promotion)!;
    expect(() => resolveRun(later, () => undefined)).toThrow(later.promotion!.rungIds[0]);
    const { promotion: _, ...orphan } = later;
    expect(() => resolveRun(orphan, () => undefined)).toThrow('neither a candidate nor a rung');
  });
});

describe('studyProblems of a halved study', () => {
  const cohort = { ...smallCohort(), side: 64 };
  const problems = (change: Partial<StudyConfig>): string =>
    studyProblems({ ...config, ...change }, cohort, cohort.rows).join(' ');
  const withTraining = (change: object): Partial<StudyConfig> => ({
    tunings: [{ ...config.tunings[0]!, training: { ...config.tunings[0]!.training, ...change } }],
  });

  it('are none when all fits', () => expect(problems({})).toBe(''));

  it('name too few candidates', () => {
    const few = {
      distillation: { weightDecays: [0], lambdas: [0.5, 1], temperatures: [1] },
      weightDecays: [1, 2],
    };
    expect(problems(few)).toContain('needs at least 3, but there are only 2');
    expect(problems({ ...few, search: 'grid' })).toBe('');
  });

  it('name too few steps', () => {
    expect(problems(withTraining({ maxSteps: 30 }))).toContain('30 steps of the linear probe');
    expect(problems({ ...withTraining({ maxSteps: 30 }), search: 'grid' })).toBe('');
  });
});
