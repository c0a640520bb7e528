/** What holds of every arm: an arm that is added to the registry is tested here too. */
import { describe, expect, test } from 'vitest';
import { armNames, arms, completeArms, distils, judgedArms } from '../../../src/study/arms/registry.ts';
import { pairsToCompare } from '../../../src/study/findings/comparison.ts';
import { planStudy } from '../../../src/study/plan.ts';
import { presets } from '../../../src/study/presets/registry.ts';
import { readStudyFile, writeStudyFile } from '../../../src/study/schema.ts';
import { readsReports } from '../../../src/training/methods/inputs.ts';
import { smallCohort } from '../cohort-fixture.ts';

const demo = presets['demo']!;

test('the names are those that results have carried since the first version', () => {
  expect(armNames).toEqual([
    'imageOnly',
    'textOnly',
    'teacher',
    'student',
    'studentOfReport',
    'selfDistilled',
    'permutedReports',
  ]);
  expect(judgedArms).toEqual(['student', 'studentOfReport']);
});

test('there is one baseline, and no two arms look or are called alike', () => {
  const all = Object.values(arms);
  expect(all.filter(({ role }) => role === 'baseline')).toHaveLength(1);
  for (const of of [
    all.map(({ label }) => label),
    all.map(({ phrase }) => phrase),
    all.map(({ look }) => look.ink),
    all.map(({ look }) => look.marker),
  ])
    expect(new Set(of).size).toBe(all.length);
});

describe.each(armNames)('%s', (name) => {
  const arm = arms[name];

  test('has a teacher exactly when its method distils, and the teacher stands before it', () => {
    expect(arm.teacher !== null).toBe(distils(name));
    if (arm.teacher !== null && arm.teacher !== 'permutedTeacher')
      expect(armNames.indexOf(arm.teacher)).toBeLessThan(armNames.indexOf(name));
  });

  test('reads the report at test time exactly when that is its role', () => {
    expect(arm.role === 'reader').toBe(readsReports(arm.method));
  });

  test('says what it is', () => {
    expect(arm.label).toMatch(/^[A-Z]/);
    expect(arm.description).toMatch(/^[A-Z].*[.?]$/);
    expect(arm.phrase).toMatch(/^the /);
  });

  test('is planned with its teacher, its baseline and its control, and fits a study file', async () => {
    const cohort = smallCohort();
    const config = { ...demo, labels: [cohort.labelNames[0]!], arms: [name] };
    expect(readStudyFile(writeStudyFile(config), 'a.json')).toEqual(config);
    const wanted = completeArms([name]);
    expect(wanted).toContain('imageOnly');
    if (arm.netOfControl) expect(wanted).toContain('selfDistilled');
    const plan = await planStudy(config, cohort);
    const planned = new Set(plan.flatMap((job) => job.arms));
    for (const one of wanted) expect(planned.has(one)).toBe(true);
    const runs = plan.filter((job) => job.job.kind === 'run' && job.arms.includes(name));
    expect(runs.some(({ teacherIds }) => teacherIds.length > 0)).toBe(distils(name));
  });

  test('is compared with the baseline, and with the control where its gain is taken net of it', () => {
    const condition = {
      label: 'a',
      tuning: 'linearProbe',
      pretraining: 'none',
      imageEncoder: 'resnet',
      trainingSize: 'all',
    } as const;
    const selected = armNames.map((one) => ({ condition: { ...condition, arm: one }, runs: [] }));
    const pairs = pairsToCompare(selected as unknown as Parameters<typeof pairsToCompare>[0]).filter(
      (pair) => pair.arm.condition.arm === name,
    );
    const expected =
      arm.role === 'baseline' ? [] : ['baseline', ...(arm.netOfControl ? ['selfDistilled'] : [])];
    expect(pairs.map(({ comparedTo }) => comparedTo)).toEqual(expected);
  });
});
