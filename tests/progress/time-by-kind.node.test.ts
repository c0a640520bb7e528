/** The time left of a study whose kinds of work take very different times, by a clock of our own. */
import { describe, expect, it } from 'vitest';
import { RemainingTime } from '../../src/progress/remaining-time.ts';
import { TimeByKind } from '../../src/progress/time-by-kind.ts';
import type { PlannedJob } from '../../src/study/job.ts';
import { planStudy } from '../../src/study/plan.ts';
import { presets } from '../../src/study/presets/registry.ts';
import { offeredRecipes } from '../../src/study/recipes.ts';
import { workUnits } from '../../src/study/cost/work-kind.ts';
import { smallCohort } from '../study/cohort-fixture.ts';

const size = { films: 68, side: 64 };
const plan = await planStudy(
  {
    ...presets['demo']!,
    labels: ['a'],
    pretrainings: ['none', ...offeredRecipes.slice(0, 4).map(({ recipe }) => recipe)],
    trainingSizes: ['all'],
    seeds: [1, 2, 3, 4],
  },
  smallCohort(),
);
/** Pre-trainings take five minutes, feature passes two seconds, all else one. */
const msOf = ({ job }: PlannedJob): number =>
  job.kind === 'pretraining' ? 300_000 : job.kind === 'features' ? 2000 : 1000;
const total = (jobs: readonly PlannedJob[]): number => jobs.reduce((sum, job) => sum + msOf(job), 0);

/** Follows the plan and looks after each job. */
function follow(
  jobs: readonly PlannedJob[],
  look: (time: TimeByKind, left: readonly PlannedJob[]) => void,
  done: ReadonlySet<string> = new Set(),
): void {
  const left = jobs.filter(({ id }) => !done.has(id));
  const time = new TimeByKind(workUnits(left, size), 0);
  let nowMs = 0;
  left.forEach((job, i) => {
    nowMs += msOf(job);
    time.finished(job.id, nowMs);
    look(time, left.slice(i + 1));
  });
}

describe('TimeByKind', () => {
  it('is not led astray by slow work that is done, as a pace of all jobs together is', () => {
    expect(new Set(plan.map(({ job }) => job.kind))).toEqual(new Set(['pretraining', 'features', 'run']));
    const together = new RemainingTime(0);
    let nowMs = 0;
    let looked = 0;
    follow(plan, (time, left) => {
      const done = plan.length - left.length;
      nowMs += msOf(plan[done - 1]!);
      together.update(done, nowMs);
      // All pre-trainings are done, and of probes there are many left.
      if (left.length < 5 || left.some(({ job }) => job.kind === 'pretraining')) return;
      expect(time.range()![1]).toBeLessThan(1.6 * total(left));
      expect(together.range(plan.length)![1]).toBeGreaterThan(5 * total(left));
      looked++;
    });
    expect(looked).toBeGreaterThan(10);
  });

  it('holds the truth once each kind is known, and closes in on it', () => {
    const widths: number[] = [];
    const half = plan.length / 2;
    follow(plan, (time, left) => {
      if (left.length > half) return;
      const [low, high] = time.range()!;
      expect(low).toBeLessThanOrEqual(total(left) + 1e-6);
      expect(high).toBeGreaterThanOrEqual(total(left) - 1e-6);
      if (left.length > 0) widths.push((high - low) / total(left));
    });
    expect(Math.min(...widths.slice(-5))).toBeLessThanOrEqual(widths[0]!);
  });

  it('says nothing before three jobs, and nothing of what was done before', () => {
    const time = new TimeByKind(workUnits(plan, size), 0);
    expect(time.range()).toBeNull();
    time.finished(plan[0]!.id, 1000);
    time.finished(plan[1]!.id, 2000);
    expect(time.range()).toBeNull();
    const before = new Set(plan.slice(0, plan.length - 4).map(({ id }) => id));
    const seen: (readonly [number, number] | null)[] = [];
    follow(plan, (resumed) => seen.push(resumed.range()), before);
    expect(seen.slice(0, 2)).toEqual([null, null]);
    expect(seen.at(-1)).toEqual([0, 0]);
  });

  it('takes failed jobs out, and their time with them', () => {
    const runs = plan.filter(({ job }) => job.kind === 'run').slice(0, 12);
    const time = new TimeByKind(workUnits(runs, size), 0);
    for (let i = 0; i < 6; i++) time.finished(runs[i]!.id, 1000 * (i + 1));
    time.dropped(runs[6]!.id, 500_000);
    for (const { id } of runs.slice(7, 10)) time.dropped(id, 500_000);
    time.finished(runs[10]!.id, 501_000);
    const [low, high] = time.range()!;
    expect(low).toBeGreaterThan(0);
    expect(high).toBeLessThan(4100);
  });
});
