/** Estimates against sums by hand over made-up speeds. */
import { describe, expect, it } from 'vitest';
import type { StudyConfig } from '../../../src/study/config.ts';
import { estimateStudy } from '../../../src/study/cost/estimate.ts';
import type { PlannedJob } from '../../../src/study/job.ts';
import { planStudy } from '../../../src/study/plan.ts';
import { presets } from '../../../src/study/presets/registry.ts';
import { offeredRecipes } from '../../../src/study/recipes.ts';
import { defaultPretraining } from '../../../src/training/pre-training-fields.ts';
import { speedOf, withSpeeds, type MeasuredSpeeds, type Speed } from '../../../src/study/cost/speed.ts';
import { inOrderOfCost, kindsOf, type WorkKind } from '../../../src/study/cost/work-kind.ts';
import { smallCohort } from '../cohort-fixture.ts';

// 40 training, 12 validation and 16 test films, one a patient, all with label "a".
const cohort = { ...smallCohort(), side: 64 };
const size = { films: 68, side: 64 };
const demo = presets['demo']!;
const training = {
  ...demo.tunings[0]!.training,
  maxSteps: 80,
  validateEverySteps: 10,
  patience: 3,
};
const oneRun: StudyConfig = {
  ...demo,
  labels: ['a'],
  arms: ['imageOnly'],
  tunings: [{ ...demo.tunings[0]!, training }],
  weightDecays: [0.1],
  trainingSizes: ['all'],
  seeds: [1],
};

function speed(kind: WorkKind, changes: Partial<Speed> = {}): Speed {
  return {
    kind,
    measuredAt: '2026-11-20T10:00:00.000Z',
    firstSetupMs: 1500,
    setupMs: 500,
    unitMs: 10,
    validationMs: 24,
    validationFilms: 12,
    endMs: 0,
    checkpointMs: 6,
    checkpointBytes: 1000,
    keptBytes: 0,
    ...changes,
  };
}

function speedsOf(plan: readonly PlannedJob[], changes: (kind: WorkKind) => Partial<Speed>): MeasuredSpeeds {
  return {
    adapter: 'made up',
    keepMs: 4,
    speeds: kindsOf(plan, size).map(({ kind }) => speed(kind, changes(kind))),
  };
}

const featureSpeed = {
  unitMs: 3,
  validationMs: 0,
  validationFilms: 0,
  checkpointMs: 0,
  checkpointBytes: 0,
  keptBytes: 512,
};
const ofFamily = ({ family }: WorkKind): Partial<Speed> => (family === 'features' ? featureSpeed : {});

describe('estimateStudy', () => {
  it('adds up a probe: set-up, steps, validations, checkpoints, predictions, storing; from patience to all steps', async () => {
    const plan = await planStudy(oneRun, cohort);
    const { timeMs, families, storageBytes } = estimateStudy(plan, cohort, speedsOf(plan, ofFamily));
    // A validation of 12 films takes 24 ms: 2 ms a film; 68 films are predicted in the end.
    const shortest = 500 + 40 * 10 + 4 * 24 + 68 * 2;
    const longest = 500 + 80 * 10 + 8 * 24 + 68 * 2 + 6;
    const features = 500 + 68 * 3;
    expect(timeMs![0]).toBeCloseTo(0.85 * (shortest + 4 + features + 4));
    expect(timeMs![1]).toBeCloseTo(1.15 * (longest + 4 + 1000 + features + 4 + 1000));
    expect(families.map(({ family, jobs }) => [family, jobs])).toEqual([
      ['features', 1],
      ['linearProbe', 1],
    ]);
    // Features 68 × 512; predictions 68 × 13; eight points of 130; two results of 1500; the checkpoint.
    expect(storageBytes).toBe(68 * 512 + 68 * 13 + 8 * 130 + 2 * 1500 + 1000);
  });

  it('takes a run without patience to its last step', async () => {
    const patient = {
      ...oneRun,
      tunings: [{ ...oneRun.tunings[0]!, training: { ...training, patience: 0 } }],
    };
    const plan = (await planStudy(patient, cohort)).filter(({ job }) => job.kind === 'run');
    const speeds = speedsOf(plan, () => ({ firstSetupMs: 500 }));
    const { timeMs } = estimateStudy(plan, cohort, speeds);
    expect(timeMs![1] / timeMs![0]).toBeCloseTo(1.15 / 0.85);
  });

  it('adds up a pre-training: steps until so many films were seen, validations, end, weights', async () => {
    const { recipe } = offeredRecipes[0]!;
    const settings = { imagesSeen: 400, batchSize: 64, validateEveryImages: 100 };
    const pretrained: StudyConfig = {
      ...oneRun,
      pretrainings: [recipe],
      pretraining: { ...defaultPretraining, ...settings },
    };
    const plan = (await planStudy(pretrained, cohort)).filter(({ job }) => job.kind === 'pretraining');
    expect(plan).toHaveLength(1);
    const speeds = speedsOf(plan, () => ({ firstSetupMs: 500, endMs: 70, keptBytes: 9000 }));
    const { timeMs, storageBytes } = estimateStudy(plan, cohort, speeds);
    // Batches hold the 40 training films: 10 steps; a validation every round(100 / 40) = 3 steps and at the end: 4.
    const ms = 500 + 10 * 10 + 4 * 24 + 70 + 4;
    expect(timeMs![0]).toBeCloseTo(0.85 * ms);
    expect(timeMs![1]).toBeCloseTo(1.15 * ms);
    expect(storageBytes).toBe(9000 + 1500 + 130 + 1000);
  });

  it('counts what has a result as done, at no cost', async () => {
    const plan = await planStudy(oneRun, cohort);
    const all = speedsOf(plan, ofFamily);
    const done = estimateStudy(
      plan,
      cohort,
      all,
      plan.map(({ id }) => id),
    );
    expect(done).toMatchObject({ jobs: 2, doneJobs: 2, timeMs: [0, 0], storageBytes: 0 });
    const half = estimateStudy(plan, cohort, all, [plan[0]!.id]);
    expect(half.doneJobs).toBe(1);
    expect(half.families.map(({ family }) => family)).toEqual(['linearProbe']);
  });

  it('grows with the number of runs by their set-up, the first one alone compiling', async () => {
    const one = await planStudy(oneRun, cohort);
    const three = await planStudy({ ...oneRun, seeds: [1, 2, 3] }, cohort);
    const speeds = speedsOf(one, ofFamily);
    const [low1, high1] = estimateStudy(one, cohort, speeds).timeMs!;
    const [low3, high3] = estimateStudy(three, cohort, speeds).timeMs!;
    expect(low3).toBeCloseTo(3 * low1);
    expect(high3).toBeCloseTo(3 * high1 - 2 * 1.15 * 2 * 1000);
  });

  it('says what was not measured instead of a time', async () => {
    const plan = await planStudy(oneRun, cohort);
    const estimate = estimateStudy(plan, cohort, null);
    expect(estimate).toMatchObject({ timeMs: null, measuredAt: null, measured: [], inferred: [] });
    expect(estimate.unmeasured).toHaveLength(2);
  });

  it('judges a kind by its likest of the same family and a cohort of the same size, with a wider range', async () => {
    const students: StudyConfig = {
      ...oneRun,
      arms: ['student'],
      distillation: { ...demo.distillation, lambdas: [0.5], temperatures: [1] },
    };
    const plan = await planStudy(students, cohort);
    const known = speedsOf(plan, ofFamily);
    const without = {
      ...known,
      speeds: known.speeds.filter(({ kind }) => kind.traits['method'] !== 'distillation'),
    };
    const estimate = estimateStudy(plan, cohort, without);
    expect(estimate.inferred).toEqual(['linear probe of resnet, distilled']);
    expect(estimate.unmeasured).toEqual([]);
    const exact = estimateStudy(plan, cohort, known).timeMs!;
    expect(estimate.timeMs![0]).toBeLessThan(exact[0]);
    expect(estimate.timeMs![1]).toBeGreaterThan(exact[1]);
    const elsewhere = estimateStudy(plan, { ...cohort, side: 32 }, known);
    expect(elsewhere.timeMs).toBeNull();
  });
});

describe('speeds', () => {
  it('of kinds that are measured again replace the older ones', async () => {
    const [first, second] = kindsOf(await planStudy(oneRun, cohort), size).map(({ kind }) => kind);
    const both = withSpeeds([speed(first!), speed(second!)], [speed(first!, { unitMs: 99 })]);
    expect(both).toHaveLength(2);
    expect(speedOf(first!, both)).toMatchObject({ measured: true, speed: { unitMs: 99 } });
  });

  it('are measured of each family first, then where most time goes', async () => {
    const { recipe } = offeredRecipes[0]!;
    const mixed: StudyConfig = {
      ...oneRun,
      arms: ['student'],
      distillation: { ...demo.distillation, lambdas: [0.5], temperatures: [1] },
      tunings: [oneRun.tunings[0]!, { ...oneRun.tunings[0]!, tuning: 'full' }],
      pretrainings: ['none', recipe],
    };
    const order = inOrderOfCost(kindsOf(await planStudy(mixed, cohort), size));
    const families = order.map(({ kind }) => kind.family);
    expect(families.slice(0, 4)).toEqual(['features', 'linearProbe', 'full', 'pretraining']);
    // What is left: two kinds of full fine-tuning before two kinds of probes.
    expect(families.slice(4)).toEqual(['full', 'full', 'linearProbe', 'linearProbe']);
    expect(order[2]!.kind.words).toBe('full fine-tuning of resnet, distilled');
  });
});
