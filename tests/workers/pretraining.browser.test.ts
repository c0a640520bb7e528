/**
 * Pre-training through the real trainer's worker: computed once for all that start from it, on training patients only, its weights in features
 * and in whole fine-tuning, interrupted and gone on with.
 */
import { beforeAll, expect, it } from 'vitest';
import { WorkerClient } from '../../src/app/worker-client.ts';
import { wipe } from '../../src/storage/inventory.ts';
import type { StudyConfig } from '../../src/study/config.ts';
import type { JobResult, PretrainingResult } from '../../src/study/job.ts';
import { permutedControl } from '../../src/study/recipes.ts';
import type { PretrainingRecipe } from '../../src/training/pre-training.ts';
import type { StudyEvent } from '../../src/jobs/study-event.ts';
import type { StudyRecord } from '../../src/records/study-record.ts';
import type { TrainerApi } from '../../workers/contract.ts';
import { checkpointStore, featureStore, weightStore } from '../../src/records/stores.ts';
import { storeTinyCohort, tinyStudy } from './tiny-study.ts';

const create = (): Worker => new Worker(new URL('./losing-trainer.ts', import.meta.url), { type: 'module' });
const client = new WorkerClient<TrainerApi>('trainer', create, (sentence) => console.error(sentence));
const trainer = client.api;

const clip: PretrainingRecipe = {
  name: 'aligned',
  objectives: [{ name: 'clip', weight: 1, settings: { outputs: 8 } }],
  permutedReports: false,
};
const probe = tinyStudy.tunings[0]!;
const config: StudyConfig = {
  ...tinyStudy,
  name: 'Tiny pre-training',
  arms: ['imageOnly', 'textOnly'],
  pretrainings: ['none', clip, permutedControl(clip)],
  pretraining: {
    imagesSeen: 480,
    batchSize: 8,
    learningRate: 0.002,
    weightDecay: 0.01,
    warmupShare: 0.1,
    clipNorm: 1,
    validateEveryImages: 80,
    groupNegatives: true,
    augmentation: { minCropArea: 0.7, rotationDegrees: 0, intensityJitter: 0.1, flipProbability: 0 },
  },
  tunings: [
    probe,
    {
      ...probe,
      tuning: 'full',
      training: { ...probe.training, maxSteps: 4, validateEverySteps: 2, batchSize: 8 },
    },
  ],
  imageEncoders: [{ name: 'resnet', settings: { width: 8 } }],
};

let study: StudyRecord;

beforeAll(async () => {
  await wipe();
  const { id } = await storeTinyCohort();
  study = await trainer.createStudy(id, config);
});

const isPretraining = (result: JobResult): result is PretrainingResult => result.kind === 'pretraining';

function numbersOf(results: readonly JobResult[]): unknown[] {
  return results.map((result) => ({ ...result, durationMs: 0, finishedAt: '', imagesPerSecond: 0 }));
}

it('plans each pre-training once, before what starts from it, and the text-only probe once for all', () => {
  const kinds = study.plan.map(({ job }) => job.kind);
  expect(kinds.filter((kind) => kind === 'pretraining')).toHaveLength(2);
  expect(kinds.filter((kind) => kind === 'features')).toHaveLength(3);
  const place = new Map(study.plan.map(({ id }, i) => [id, i]));
  for (const { id, job, pretrainingId } of study.plan) {
    if (pretrainingId) expect(place.get(pretrainingId)!).toBeLessThan(place.get(id)!);
    const pretrained = job.kind !== 'pretraining' && job.pretraining !== 'none';
    const startsFrom = job.kind === 'features' || (job.kind === 'run' && job.tuning === 'full');
    expect(Boolean(pretrainingId)).toBe(pretrained && startsFrom);
  }
  const texts = study.plan.filter(({ job }) => job.kind === 'run' && job.method === 'textOnly');
  expect(new Set(texts.map(({ job }) => job.kind === 'run' && job.pretraining))).toEqual(new Set(['none']));
});

it('runs whole, stops and goes on with the same numbers', { timeout: 300_000 }, async () => {
  const events: StudyEvent[] = [];
  const outcome = await trainer.run(study.id, (event) => events.push(event));
  expect(outcome).toMatchObject({ kind: 'finished', failures: [] });
  const results = await trainer.results(study.id);
  const pretrained = results.filter(isPretraining);
  expect(pretrained).toHaveLength(2);
  for (const result of pretrained) {
    expect([result.steps, result.imagesSeen, result.trainingFilms]).toEqual([60, 480, 20]);
    const validations = result.history.filter(({ signals }) => signals);
    expect(validations).toHaveLength(6);
    expect(Object.keys(result.weights)).toContain('conv1.weight');
    expect(result.collapse).toBeNull();
  }
  expect(events.filter(({ kind }) => kind === 'checkpoint').length).toBeGreaterThan(0);
  expect(await checkpointStore.keys()).toEqual([]);
  expect(await weightStore.keys()).toHaveLength(2);

  // Films of different pre-training have different features; the same weights give the same ones.
  const features = await Promise.all((await featureStore.keys()).map((key) => featureStore.get(key)));
  expect(new Set(features.map((values) => values!.slice(0, 8).join())).size).toBe(3);

  await wipe('results');
  await wipe('weights');
  await wipe('features');
  let stopped = false;
  const first = await trainer.run(study.id, (event) => {
    if (event.kind === 'checkpoint' && !stopped) {
      stopped = true;
      void trainer.stop();
    }
  });
  expect(first.kind).toBe('stopped');
  const again: StudyEvent[] = [];
  expect((await trainer.run(study.id, (event) => again.push(event))).kind).toBe('finished');
  const resumed = again.filter((event) => event.kind === 'jobStarted' && event.fromStep > 0);
  expect(resumed.length).toBeGreaterThan(0);
  expect(numbersOf(await trainer.results(study.id))).toEqual(numbersOf(results));
});

it('computes weights again that were wiped, and nothing else', async () => {
  await weightStore.deleteMany((await weightStore.keys()).slice(0, 1));
  const started: string[] = [];
  const outcome = await trainer.run(study.id, (event) => {
    if (event.kind === 'jobStarted') started.push(event.id);
  });
  expect(outcome.kind).toBe('finished');
  expect(started).toHaveLength(1);
});

it('refuses recipes that cannot be built', async () => {
  const refused = async (recipe: PretrainingRecipe): Promise<string> => {
    const changed = { ...config, pretrainings: [recipe] };
    return trainer.createStudy('tiny', changed).then(
      () => 'accepted',
      (error: unknown) => (error as Error).message,
    );
  };
  const term = { weight: 1, settings: {} };
  expect(await refused({ ...clip, objectives: [{ name: 'nothing', ...term }] })).toContain('does not exist');
  expect(await refused({ ...clip, objectives: [{ name: 'mae', ...term }] })).toContain(
    'does not read patches',
  );
  expect(
    await refused({ ...clip, objectives: [{ name: 'simclr', ...term }], permutedReports: true }),
  ).toContain('shuffles reports');
  expect(
    await refused({ ...clip, objectives: [{ name: 'clip', weight: 1, settings: { outputs: 1 } }] }),
  ).toContain('outputs must be a whole number');
  expect(await refused({ ...clip, objectives: [{ name: 'mlm', ...term }] })).toContain('text transformer');
});

it('deletes weights with the study', async () => {
  await trainer.deleteStudy(study.id);
  expect(await weightStore.keys()).toEqual([]);
});
