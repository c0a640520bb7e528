/** Every preset can be run as it is, is fair, and says how long it takes. */
import { describe, expect, it } from 'vitest';
import { completeArms, distils } from '../../src/study/arms/registry.ts';
import type { StudyConfig } from '../../src/study/config.ts';
import { fitToCohort } from '../../src/study/fit.ts';
import { candidatesOf, planStudy } from '../../src/study/plan.ts';
import { presets } from '../../src/study/presets/registry.ts';
import { studyProblems } from '../../src/study/problems.ts';
import { isControlOf, usesReports } from '../../src/study/recipes.ts';
import { smallCohort } from './cohort-fixture.ts';

const cohort = { ...smallCohort(), side: 64 };
const fit = (preset: StudyConfig, smoke = false): StudyConfig =>
  fitToCohort(preset, cohort, cohort.rows, { preset: true, smoke });
const runsOf = async (preset: StudyConfig, smoke: boolean): Promise<number> =>
  (await planStudy(fit(preset, smoke), cohort)).filter(({ job }) => job.kind === 'run').length;

describe.each(Object.entries(presets))('the preset %s', (_name, preset) => {
  it('fits a cohort as it is, and so does its smoke twin', () => {
    for (const smoke of [false, true])
      expect(studyProblems(fit(preset, smoke), cohort, cohort.rows)).toEqual([]);
  });

  it('gives every arm as many candidates, each another', () => {
    for (const study of [preset, fit(preset, true)]) {
      const counts = completeArms(study.arms).map((arm) => candidatesOf(study, arm).length);
      expect(new Set(counts).size).toBe(1);
      for (const arm of completeArms(study.arms)) {
        const candidates = candidatesOf(study, arm).map((candidate) => JSON.stringify(candidate));
        expect(new Set(candidates).size).toBe(candidates.length);
      }
    }
  });

  it('brings the self-distilled control wherever anything distils', () => {
    if (preset.arms.some(distils)) expect(preset.arms).toContain('selfDistilled');
    expect(completeArms(preset.arms)).toEqual(preset.arms);
  });

  it('says a time', () => {
    expect(preset.purpose).toMatch(/\b(minutes?|hours?|nights?)\b/i);
  });

  it('is small as a smoke twin', async () => {
    expect(await runsOf(preset, true)).toBeLessThanOrEqual(260);
  });
});

describe('the preset paper', () => {
  const { pretrainings, arms, tunings } = presets['paper']!;
  const recipes = pretrainings.filter((arm) => arm !== 'none');

  it('has every arm, both tunings, and no pre-training to compare with', () => {
    expect(new Set(arms).size).toBe(7);
    expect(tunings.map(({ tuning }) => tuning)).toEqual(['linearProbe', 'full']);
    expect(pretrainings).toContain('none');
  });

  it('has the permuted control of each recipe that reads reports', () => {
    const reading = recipes.filter((recipe) => usesReports(recipe) && !recipe.permutedReports);
    expect(reading.map(({ name }) => name)).toEqual(['clip', 'mrm', 'clip+mae']);
    for (const recipe of reading)
      expect(recipes.filter((control) => isControlOf(control, recipe))).toHaveLength(1);
  });

  it('has pre-training on films alone', () => {
    expect(recipes.filter((recipe) => !usesReports(recipe)).map(({ name }) => name)).toEqual([
      'simclr',
      'mae',
    ]);
  });
});

describe('presets of few labels', () => {
  it.each([
    ['map', ['a']],
    ['deep', ['a']],
    ['paper', ['a', 'b']],
    ['standard', ['a', 'b']],
  ])('%s takes the first usable ones', (name, labels) => {
    expect(fit(presets[name]!).labels).toEqual(labels);
  });

  it('a person’s labels are kept, however many', () => {
    const asked = { ...presets['map']!, labels: ['b', 'a'] };
    const options = { preset: true, ownLabels: true, smoke: false };
    expect(fitToCohort(asked, cohort, cohort.rows, options).labels).toEqual(['b', 'a']);
  });

  it('the map is dense: 7 λ by 5 τ for the student and for its control', async () => {
    const map = fit(presets['map']!);
    const plan = await planStudy(map, cohort);
    for (const arm of ['student', 'selfDistilled'] as const) {
      const runs = plan.filter(({ arms: users }) => users.includes(arm));
      const places = runs.flatMap(({ job }) =>
        job.kind === 'run' && job.seed === 1 && job.trainingSize === 'all' && job.method === 'distillation'
          ? [`${job.lambda} ${job.temperature}`]
          : [],
      );
      expect([places.length, new Set(places).size]).toEqual([35, 35]);
    }
  });

  it('the map can be halved', () => {
    const halved: StudyConfig = { ...fit(presets['map']!), search: 'successiveHalving' };
    expect(studyProblems(halved, cohort, cohort.rows)).toEqual([]);
  });
});

describe('the demo', () => {
  it('stays under 300 short runs on a cohort with both its labels', async () => {
    const study = { ...presets['demo']!, labels: ['a', 'b'] };
    const large = smallCohort(400);
    const plan = await planStudy(study, large);
    const runs = plan.filter(({ job }) => job.kind === 'run');
    // 2 labels × 2 sizes × 3 seeds × 6 arms × 4 candidates.
    expect(runs).toHaveLength(288);
    for (const { job } of runs) if (job.kind === 'run') expect(job.training.maxSteps).toBeLessThanOrEqual(80);
  });
});
