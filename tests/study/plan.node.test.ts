import { describe, expect, it } from 'vitest';
import type { StudyConfig } from '../../src/study/config.ts';
import { needsOf, type PlannedJob, type RunJob } from '../../src/study/job.ts';
import { planStudy } from '../../src/study/plan.ts';
import { presets } from '../../src/study/presets/registry.ts';
import { fitToCohort } from '../../src/study/fit.ts';
import { studyProblems } from '../../src/study/problems.ts';
import { smallCohort } from './cohort-fixture.ts';

const config: StudyConfig = {
  ...presets['demo']!,
  labels: ['a', 'b'],
  arms: ['student'],
  trainingSizes: [10, 30, 'all'],
  seeds: [1, 2],
};

const runs = (plan: readonly PlannedJob[]): (PlannedJob & { job: RunJob })[] =>
  plan.filter((planned): planned is PlannedJob & { job: RunJob } => planned.job.kind === 'run');

describe('planStudy', () => {
  it('puts every job after all that it needs', async () => {
    const seen = new Set<string>();
    for (const planned of await planStudy(config, smallCohort())) {
      for (const need of needsOf(planned)) expect(seen.has(need)).toBe(true);
      expect(seen.has(planned.id)).toBe(false);
      seen.add(planned.id);
    }
  });

  it('computes features once a seed, for all labels, sizes and arms', async () => {
    const plan = await planStudy(config, smallCohort());
    expect(plan.filter((planned) => planned.job.kind === 'features')).toHaveLength(config.seeds.length);
  });

  it('adds the baseline, the teacher and the self-distilled control to a student', async () => {
    const arms = new Set((await planStudy(config, smallCohort())).flatMap((planned) => planned.arms));
    expect(arms).toEqual(new Set(['imageOnly', 'teacher', 'student', 'selfDistilled']));
  });

  it('lets the baseline itself teach the self-distilled control', async () => {
    const plan = runs(await planStudy(config, smallCohort()));
    const control = plan.find((planned) => planned.arms.includes('selfDistilled'))!;
    const teachers = plan.filter((planned) => control.teacherIds.includes(planned.id));
    expect(teachers).toHaveLength(config.weightDecays.length);
    for (const teacher of teachers) {
      expect(teacher.arms).toContain('imageOnly');
      expect(teacher.job).toMatchObject({
        method: 'imageOnly',
        label: control.job.label,
        seed: control.job.seed,
        trainingSize: control.job.trainingSize,
      });
    }
  });

  it('tries equally many candidates in every arm', async () => {
    const plan = runs(await planStudy(config, smallCohort()));
    const counts = new Map<string, number>();
    for (const { arms, job } of plan) {
      for (const arm of arms) {
        const key = `${arm} ${job.label} ${job.trainingSize} ${job.seed}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    expect(new Set(counts.values())).toEqual(new Set([4]));
  });

  it('cuts sizes that the patients with a label do not reach, label by label', async () => {
    const plan = runs(await planStudy(config, smallCohort(40)));
    const sizes = (label: string): unknown[] => [
      ...new Set(plan.filter(({ job }) => job.label === label).map(({ job }) => job.trainingSize)),
    ];
    expect(sizes('a')).toEqual([10, 30, 'all']);
    // Label b is known for 20 training patients only, so 30 becomes 'all'.
    expect(sizes('b')).toEqual([10, 'all']);
  });

  it('gives the same ids for the same study and cohort, and others for another cohort', async () => {
    const cohort = smallCohort();
    const ids = (plan: readonly PlannedJob[]): string[] => plan.map(({ id }) => id);
    const first = ids(await planStudy(config, cohort));
    expect(ids(await planStudy({ ...config, name: 'another name' }, cohort))).toEqual(first);
    const other = new Set(ids(await planStudy(config, { ...cohort, fingerprint: 'another' })));
    expect(first.some((id) => other.has(id))).toBe(false);
  });

  it('shares results between a study and a larger one', async () => {
    const cohort = smallCohort();
    const small = await planStudy({ ...config, seeds: [1] }, cohort);
    const large = new Set((await planStudy(config, cohort)).map(({ id }) => id));
    expect(small.every(({ id }) => large.has(id))).toBe(true);
  });
});

describe('fitToCohort', () => {
  const cohort = { ...smallCohort(), side: 48 };
  const fit = (change: Partial<StudyConfig>, preset: boolean, smoke = false): StudyConfig =>
    fitToCohort({ ...config, ...change }, cohort, cohort.rows, { preset, smoke });

  it('means every label with both classes on each side when none is named', () => {
    expect(fit({ labels: [] }, false).labels).toEqual(['a', 'b']);
  });

  it('takes a preset’s labels and film side as suggestions, and a person’s as they are', () => {
    expect(fit({ labels: ['x', 'b'], imageSide: 64 }, true)).toMatchObject({ labels: ['b'], imageSide: 48 });
    expect(fit({ labels: ['x'] }, true).labels).toEqual(['a', 'b']);
    expect(fit({ labels: ['x', 'b'], imageSide: 64 }, false)).toMatchObject({
      labels: ['x', 'b'],
      imageSide: 64,
    });
  });

  it('shrinks to two labels and few runs for a smoke test', () => {
    const smoke = fit({ labels: ['a', 'b', 'c'] }, false, true);
    expect(smoke.labels).toHaveLength(2);
    expect(smoke.seeds.length * smoke.trainingSizes.length).toBeLessThanOrEqual(2);
  });
});

describe('studyProblems', () => {
  const problems = (change: Partial<StudyConfig>): string =>
    studyProblems({ ...config, ...change }, { ...smallCohort(), side: 64 }, smallCohort().rows).join(' ');

  it('is silent when all fits', () => {
    expect(problems({})).toBe('');
  });

  it('names a label that is not there and one with a single class', () => {
    expect(problems({ labels: ['d'] })).toContain('no label "d"');
    expect(problems({ labels: ['c'] })).toContain('"c" lacks');
  });

  it('refuses unequal budgets', () => {
    expect(problems({ weightDecays: [0.1] })).toContain('equally many candidates');
  });

  it('refuses films larger than the cohort has', () => {
    expect(problems({ imageSide: 128 })).toContain('128 px');
  });

  it('asks for reports when an arm needs them', () => {
    const cohort = smallCohort();
    const silent = { ...cohort, rows: cohort.rows.map((row) => ({ ...row, report: ' ' })) };
    expect(studyProblems(config, { ...silent, side: 64 }, silent.rows).join(' ')).toContain(
      'No training film has a report',
    );
  });
});
