/**
 * A person's own text encoder through the real trainer's worker: kept under a name that tells what it reads, run once over a cohort's
 * reports, and used as T by probes, teachers, students and alignment.
 */
import * as Comlink from 'comlink';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { importedIdOf } from '../../src/identity/imported-encoder.ts';
import { wipe } from '../../src/storage/inventory.ts';
import type { StudyConfig } from '../../src/study/config.ts';
import type { PretrainingRecipe } from '../../src/training/pre-training.ts';
import type { CatalogueEntry } from '../../src/jobs/catalogue-entry.ts';
import type { TrainerApi } from '../../workers/contract.ts';
import { featureStore, reportEmbeddingsKey, studyStore } from '../../src/records/stores.ts';
import { tinyBertVocabulary } from '../models/imported/tiny-bert.ts';
import { readReferenceBytes } from '../reference/reference.ts';
import { storeTinyCohort, tinyStudy } from './tiny-study.ts';
import { addModel } from './add-model.ts';

const worker = new Worker(new URL('../../workers/trainer.ts', import.meta.url), { type: 'module' });
const trainer = Comlink.wrap<TrainerApi>(worker);

const words = { 5: 'effusion', 6: 'is', 7: 'seen', 8: '.', 9: 'lungs', 10: 'are', 11: 'clear' };
const vocabulary = tinyBertVocabulary(2, 3, words);
const clip: PretrainingRecipe = {
  name: 'aligned',
  objectives: [{ name: 'clip', weight: 1, settings: { outputs: 8 } }],
  permutedReports: false,
};

let entry: CatalogueEntry;
let key: string;
let config: StudyConfig;

async function bertFiles(tokens = vocabulary, config: object = { num_attention_heads: 2 }): Promise<File[]> {
  return [
    new File([await readReferenceBytes('models/tiny_bert.safetensors')], 'model.safetensors'),
    new File([tokens.join('\n')], 'vocab.txt'),
    new File([JSON.stringify(config)], 'config.json'),
  ];
}

async function finish(asked: StudyConfig): Promise<string> {
  const study = await trainer.createStudy('tiny', asked);
  const outcome = await trainer.run(
    study.id,
    Comlink.proxy(() => undefined),
  );
  expect(outcome).toMatchObject({ kind: 'finished', done: study.plan.length, failures: [] });
  return study.id;
}

beforeAll(async () => {
  await wipe();
  const cohort = await storeTinyCohort();
  entry = await addModel(trainer, 'Our BERT', await bertFiles(), 'zeroToOne');
  key = reportEmbeddingsKey(cohort.fingerprint, importedIdOf(entry.name)!);
  const probe = tinyStudy.tunings[0]!;
  config = {
    ...tinyStudy,
    name: 'Own T',
    arms: ['imageOnly', 'textOnly', 'teacher', 'student'],
    tunings: [{ ...probe, training: { ...probe.training, maxSteps: 60 } }],
    pretrainings: ['none', clip],
    pretraining: {
      imagesSeen: 160,
      batchSize: 8,
      learningRate: 0.002,
      weightDecay: 0.01,
      warmupShare: 0.1,
      clipNorm: 1,
      validateEveryImages: 80,
      groupNegatives: true,
      augmentation: { minCropArea: 0.7, rotationDegrees: 0, intensityJitter: 0.1, flipProbability: 0 },
    },
    textEncoder: { name: entry.name, settings: {}, label: entry.label },
  };
});

afterAll(async () => {
  worker.terminate();
  await wipe();
});

it('is listed among what reads reports, once for equal files, and told by its name', async () => {
  expect(entry.name).toMatch(/^imported:text-/);
  expect(entry.paper).toMatch(/reads reports: BERT 32 × 2, 2 attention heads, 100 tokens, 32 features/);
  const again = await addModel(trainer, 'Again', await bertFiles(), 'standardised');
  expect(again.name).toBe(entry.name);
  const otherWords = vocabulary.map((token) => (token === 'w50' ? 'nodule' : token));
  for (const files of [
    await bertFiles(otherWords),
    await bertFiles(vocabulary, { num_attention_heads: 4 }),
  ]) {
    const other = await addModel(trainer, 'Other', files, 'zeroToOne');
    expect(other.name).toMatch(/^imported:text-/);
    expect(other.name).not.toBe(entry.name);
    await trainer.deleteEncoder(importedIdOf(other.name)!);
  }
  const { imageEncoders, textEncoders } = await trainer.catalogue();
  expect(imageEncoders.map(({ name }) => name)).not.toContain(entry.name);
  expect(textEncoders.at(-1)).toEqual(again);
});

it('whose config is not there is asked for its heads', async () => {
  const [weights, words] = await bertFiles();
  const asked = await trainer.importEncoder('', [weights!, words!], null, {});
  expect(asked).toMatchObject({
    kind: 'question',
    question: {
      topic: 'heads',
      sentence: expect.stringContaining('encoder.layer.0.attention.self.query.weight') as string,
    },
  });
  const answered = await addModel(trainer, 'Our BERT', [weights!, words!], null, { heads: '2' });
  expect(answered.name).toBe(entry.name);
});

it('is refused without its vocabulary, or with another', async () => {
  const [weights, , about] = await bertFiles();
  await expect(addModel(trainer, '', [weights!, about!], 'zeroToOne')).rejects.toMatchObject({
    name: 'InputError',
    message: expect.stringMatching(/model\.safetensors holds a text encoder.*vocab\.txt.*missing/) as string,
  });
  await expect(addModel(trainer, '', await bertFiles([...vocabulary, 'more']), 'zeroToOne')).rejects.toThrow(
    /vocabulary has 101/,
  );
});

it('reads the reports once, for probe, teacher, student and alignment, and again when its embeddings were wiped', async () => {
  const id = await finish(config);
  const embeddings = (await featureStore.get(key))!;
  expect(embeddings).toHaveLength(2 * 32); // two wordings
  const results = await trainer.results(id);
  const runs = results.filter((result) => result.kind === 'run');
  expect(new Set(runs.map(({ job }) => job.method))).toEqual(
    new Set(['imageOnly', 'textOnly', 'teacher', 'distillation']),
  );
  // The wording says the label of nine films in ten: what the text-only probe knows comes from its embedding.
  const probe = runs.find(({ job }) => job.method === 'textOnly')!;
  expect(new Set(probe.test.logits.map((logit) => logit.toFixed(4))).size).toBe(2);
  expect(probe.validationAuroc!).toBeGreaterThan(0.7);
  expect(results.filter(({ kind }) => kind === 'pretraining')).toHaveLength(1);

  // Swapped embeddings stay as they are: another study reads them and computes none.
  const swapped = Float32Array.from([...embeddings.slice(32), ...embeddings.slice(0, 32)]);
  await featureStore.set(key, swapped);
  const second: StudyConfig = { ...config, arms: ['textOnly'], pretrainings: ['none'], seeds: [2] };
  const secondId = await finish(second);
  expect(await featureStore.get(key)).toEqual(swapped);

  await featureStore.delete(key);
  const third = await finish({ ...second, seeds: [3] });
  const again = (await featureStore.get(key))!;
  again.forEach((value, i) => expect(value).toBeCloseTo(embeddings[i]!, 5));

  // They go with the last study that uses them.
  for (const study of [id, secondId]) {
    await trainer.deleteStudy(study);
    expect(await featureStore.get(key)).toBeDefined();
  }
  await trainer.deleteStudy(third);
  expect(await featureStore.keys()).toEqual([]);
  expect(await studyStore.keys()).toEqual([]);
});

it('is refused where films are read, where words are hidden, and when it is not stored', async () => {
  const refused = (asked: Partial<StudyConfig>): Promise<unknown> =>
    trainer.createStudy('tiny', { ...config, ...asked });
  await expect(refused({ imageEncoders: [config.textEncoder] })).rejects.toThrow(
    '"Our BERT" reads reports, not films',
  );
  const mlm = { ...clip, objectives: [{ name: 'mlm', weight: 1, settings: {} }] };
  await expect(refused({ pretrainings: [mlm] })).rejects.toThrow(
    /"Our BERT" is used frozen, as one embedding for each report/,
  );
  await trainer.deleteEncoder(importedIdOf(entry.name)!);
  await expect(refused({})).rejects.toMatchObject({
    name: 'InputError',
    message: expect.stringContaining('"Our BERT" is not stored') as string,
  });
});
