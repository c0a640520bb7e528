/** The picture's counts against the plan that it draws. */
import { describe, expect, it } from 'vitest';
import { describeStudy, layOutStudy, mostStarts, tableOfStudy } from '../../../src/app/study/study-grid.ts';
import type { StudyConfig } from '../../../src/study/config.ts';
import { planStudy } from '../../../src/study/plan.ts';
import { presets } from '../../../src/study/presets/registry.ts';
import { offeredRecipes, permutedControl, usesReports } from '../../../src/study/recipes.ts';
import { smallCohort } from '../../study/cohort-fixture.ts';

const cohort = smallCohort();
const demo: StudyConfig = { ...presets['demo']!, labels: ['a', 'b'], trainingSizes: [10, 'all'] };
const recipes = offeredRecipes.map(({ recipe }) => recipe);
const controls = recipes.filter(usesReports).map(permutedControl);
const big: StudyConfig = {
  ...demo,
  labels: ['a'],
  seeds: [1],
  arms: ['student', 'permutedReports'],
  pretrainings: ['none', ...recipes, ...controls],
  imageEncoders: [{ name: 'vit', settings: {} }],
  textEncoder: { name: 'textTransformer', settings: {} },
};

async function laidOut(config: StudyConfig) {
  const plan = await planStudy(config, cohort);
  return {
    plan,
    layout: layOutStudy(config, plan),
    runs: plan.filter(({ job }) => job.kind === 'run').length,
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe.each([
  ['the demo', demo],
  ['a study of many pre-trainings', big],
  [
    'several encoders and both tunings',
    {
      ...big,
      imageEncoders: [...big.imageEncoders, { name: 'vit', settings: { depth: 2 } }],
      tunings: [demo.tunings[0]!, { ...demo.tunings[0]!, tuning: 'full' as const }],
      pretrainings: ['none' as const, recipes[0]!],
      arms: ['student' as const, 'textOnly' as const],
    },
  ],
])('%s', (_name, config) => {
  it('shows every run once among its starting points', async () => {
    const { layout, runs } = await laidOut(config);
    expect(sum(layout.starts.flatMap((start) => start.runs))).toBe(runs);
    expect(layout.runs).toBe(runs);
    expect(layout.starts.length).toBeLessThanOrEqual(mostStarts);
  });

  it('gives every arm the same candidates and seeds at every size', async () => {
    const { layout } = await laidOut(config);
    for (const { arm, cells } of layout.arms) {
      expect(
        cells.map(({ trainingSize }) => trainingSize),
        arm,
      ).toEqual([10, 'all']);
      for (const cell of cells)
        expect(cell, arm).toMatchObject({ candidates: 4, seeds: config.seeds.length });
    }
  });
});

it('counts what is shared', async () => {
  const { layout, plan } = await laidOut(demo);
  const probes = plan.filter(({ featuresId }) => featuresId !== null).length;
  expect(layout.facts).toContain(`3 feature passes serve ${probes} runs.`);
  expect(layout.facts).toContain(
    'Equal budgets: each of the 6 arms tries 4 candidates with 3 seeds; the best on validation patients counts.',
  );
  expect(layout.facts).toContain(
    'One Image + report, its best candidate, teaches 4 students: Student of image + report.',
  );
  expect(layout.facts.join(' ')).toContain('is also the teacher of the self-distilled control');
});

it('adds up the starting points that it does not draw, and says in words how many there are', async () => {
  const { layout, plan } = await laidOut(big);
  const points = big.pretrainings.length;
  expect(layout.collapsed).toBe(points - mostStarts + 1);
  expect(sum(layout.starts.map(({ pretrainings }) => pretrainings))).toBe(
    plan.filter(({ job }) => job.kind === 'pretraining').length,
  );
  expect(layout.starts.at(-1)!.name).toBe(`${layout.collapsed} more`);
  expect(describeStudy(layout)).toContain(`${points} starting points`);
});

it('says the same as a table', async () => {
  const { layout } = await laidOut(demo);
  expect(tableOfStudy(layout)).toContainEqual(['from no pre-training', 'resnet, linear probe', '240']);
  expect(tableOfStudy(layout)).toContainEqual(['from report only', 'resnet, linear probe', '48']);
});
