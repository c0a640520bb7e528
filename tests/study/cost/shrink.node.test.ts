/** Shrunk studies fit or say that they do not, stay valid, and keep budgets equal and controls in. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeArms } from '../../../src/study/arms/registry.ts';
import { armNames } from '../../../src/study/arms/registry.ts';
import type { StudyConfig } from '../../../src/study/config.ts';
import { candidatesOf } from '../../../src/study/plan.ts';
import { presets } from '../../../src/study/presets/registry.ts';
import { studyProblems } from '../../../src/study/problems.ts';
import { offeredRecipes } from '../../../src/study/recipes.ts';
import { defaultPretraining } from '../../../src/training/pre-training-fields.ts';
import { shrinkStudy } from '../../../src/study/cost/shrink.ts';
import { smallCohort } from '../cohort-fixture.ts';

const cohort = { ...smallCohort(), side: 64 };

/** A made-up price: a run costs a minute, a pre-training ten and a minute for each 1000 films. */
function priceOf(config: StudyConfig): Promise<number> {
  const { labels, trainingSizes, seeds, weightDecays, pretrainings, pretraining } = config;
  const repeats = labels.length * trainingSizes.length * seeds.length * pretrainings.length;
  const runs = repeats * weightDecays.length * completeArms(config.arms).length;
  const pretrained = seeds.length * pretrainings.filter((arm) => arm !== 'none').length;
  return Promise.resolve(60_000 * (runs + pretrained * (10 + pretraining!.imagesSeen / 1000)));
}

const asked: StudyConfig = {
  ...presets['demo']!,
  labels: ['a', 'b'],
  arms: ['student', 'permutedReports'],
  pretrainings: ['none', offeredRecipes[0]!.recipe],
  pretraining: { ...defaultPretraining, imagesSeen: 16_000 },
  distillation: { weightDecays: [0.1], lambdas: [0.3, 0.5, 0.9], temperatures: [1, 3] },
  weightDecays: [0.001, 0.003, 0.01, 0.1, 0.3, 1],
  trainingSizes: [10, 20, 30, 'all'],
  seeds: [1, 2, 3, 4],
};

describe('shrinkStudy', () => {
  it('leaves a study alone that fits', async () => {
    expect(await shrinkStudy(asked, Infinity, priceOf)).toMatchObject({
      config: asked,
      fits: true,
      dropped: [],
    });
  });

  it('takes things in the stated order, and of each no more than it must', async () => {
    const full = await priceOf(asked);
    const candidates = await shrinkStudy(asked, 0.9 * full, priceOf);
    expect(candidates.config).toMatchObject({
      seeds: asked.seeds,
      trainingSizes: asked.trainingSizes,
      weightDecays: [0.001, 0.01, 0.1, 1],
      distillation: { lambdas: [0.3, 0.9], temperatures: [1, 3] },
    });
    expect(candidates.dropped).toHaveLength(1);
    const { config, dropped, fits } = await shrinkStudy(asked, 0, priceOf);
    expect(fits).toBe(false);
    expect(config).toMatchObject({
      labels: ['a'],
      arms: asked.arms,
      pretrainings: asked.pretrainings,
      trainingSizes: [10, 'all'],
      seeds: [1, 2],
      pretraining: { imagesSeen: 2000 },
    });
    expect(config.weightDecays).toHaveLength(2);
    expect(dropped.map((sentence) => sentence.slice(0, 12))).toEqual([
      'Every arm tr',
      '2 seeds inst',
      'Training siz',
      'Labels left ',
      'Pre-training',
    ]);
    expect(dropped.at(-1)).toMatch(/2000 films instead of 16000.*changes what is compared/);
  });

  it('fits or says that it cannot, with equal budgets, all arms and a valid study', async () => {
    const values = fc.uniqueArray(
      fc.integer({ min: 1, max: 9 }).map((n) => n / 10),
      { minLength: 1, maxLength: 3 },
    );
    const grids = fc.record({ weightDecays: values, lambdas: values, temperatures: values });
    const studies = fc.record({
      distillation: grids,
      arms: fc.uniqueArray(fc.constantFrom(...armNames), { minLength: 1, maxLength: 3 }),
      seeds: fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 4 }),
      trainingSizes: fc.uniqueArray(fc.constantFrom(10, 20, 30, 'all' as const), { minLength: 1 }),
      pretrained: fc.boolean(),
      limit: fc.integer({ min: 0, max: 3000 }),
    });
    await fc.assert(
      fc.asyncProperty(studies, async ({ pretrained, limit, ...parts }) => {
        const { weightDecays, lambdas, temperatures } = parts.distillation;
        const count = weightDecays.length * lambdas.length * temperatures.length;
        const config: StudyConfig = {
          ...asked,
          ...parts,
          pretrainings: pretrained ? asked.pretrainings : ['none'],
          weightDecays: Array.from({ length: count }, (_, i) => 2 ** -i),
        };
        const shrunk = await shrinkStudy(config, 60_000 * limit, priceOf);
        expect(shrunk.timeMs).toBe(await priceOf(shrunk.config));
        expect(shrunk.fits).toBe(shrunk.timeMs <= 60_000 * limit);
        expect(studyProblems(shrunk.config, cohort, cohort.rows)).toEqual([]);
        const budgets = completeArms(config.arms).map((arm) => candidatesOf(shrunk.config, arm).length);
        expect(new Set(budgets).size).toBe(1);
        expect(completeArms(shrunk.config.arms)).toEqual(completeArms(config.arms));
        expect(shrunk.config.pretrainings).toBe(config.pretrainings);
        expect(shrunk.config.seeds.length).toBeGreaterThanOrEqual(Math.min(2, config.seeds.length));
        expect(shrunk.dropped.length > 0).toBe(shrunk.config !== config);
      }),
      { numRuns: 100, seed: 7 },
    );
  });
});
