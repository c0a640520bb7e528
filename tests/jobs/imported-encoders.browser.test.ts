/**
 * The trainer's worker with a person's own model: it is checked, survives the worker, makes features in a study, and can be deleted.
 */
import * as Comlink from 'comlink';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importedIdOf } from '../../src/identity/imported-encoder.ts';
import { defaultDials } from '../../src/cohort/synthetic/dials.ts';
import { inventory, wipe } from '../../src/storage/inventory.ts';
import type { TypedStore } from '../../src/storage/typed-store.ts';
import { presets } from '../../src/study/presets/registry.ts';
import { smokeTwin } from '../../src/study/smoke.ts';
import type { StudyConfig, TuningPlan } from '../../src/study/config.ts';
import type { Cohort } from '../../src/cohort/cohort.ts';
import { encoderFileStore, encoderStore } from '../../src/records/stores.ts';
import type { ImporterApi, TrainerApi } from '../../workers/contract.ts';
import type { ModelFile } from '../../src/models/imported/tfjs-files.ts';
import { graphModel } from '../models/imported/tiny-models.ts';
import { readReferenceBytes } from '../reference/reference.ts';
import { addModel } from '../workers/add-model.ts';

let workers: Worker[] = [];

function startTrainer(): Comlink.Remote<TrainerApi> {
  const worker = new Worker(new URL('../../workers/trainer.ts', import.meta.url), { type: 'module' });
  workers.push(worker);
  return Comlink.wrap<TrainerApi>(worker);
}

function startImporter(): Comlink.Remote<ImporterApi> {
  const worker = new Worker(new URL('../../workers/importer.ts', import.meta.url), { type: 'module' });
  workers.push(worker);
  return Comlink.wrap<ImporterApi>(worker);
}

function filesOf(model: readonly ModelFile[]): File[] {
  return model.map(({ name, bytes }) => new File([bytes], name));
}

async function tinyWeights(name: string): Promise<File> {
  return new File([await readReferenceBytes(`models/${name}.safetensors`)], `${name}.safetensors`);
}

function configFile(config: unknown): File {
  return new File([JSON.stringify(config)], 'config.json');
}

async function smallCohort(): Promise<Cohort> {
  return startImporter().importSynthetic(
    { ...defaultDials, patients: 60 },
    {
      name: 'Small',
      side: 32,
      fit: 'crop',
      seed: 1,
      fractions: { train: 0.5, validation: 0.25, test: 0.25 },
    },
    Comlink.proxy(() => undefined),
  );
}

/** Leaves a model as it was kept before there were other kinds than TensorFlow.js models. */
async function forgetKinds(id: string): Promise<void> {
  const without = async <T extends object>(store: TypedStore<T>, key: string): Promise<void> => {
    const entries = Object.entries((await store.get(key))!).filter(([field]) => field !== 'kind');
    await store.set(key, Object.fromEntries(entries) as T);
  };
  await without(encoderStore, `about/${id}`);
  await without(encoderFileStore, `files/${id}`);
}

async function encoderRecords(): Promise<number> {
  return (await inventory()).find(({ store }) => store === 'encoders')!.records;
}

beforeEach(() => wipe());
afterEach(async () => {
  for (const worker of workers) worker.terminate();
  workers = [];
  await wipe();
});

describe('importEncoder', () => {
  it('keeps a model over the end of its worker, once, until it is deleted', async () => {
    const first = startTrainer();
    const known = (await first.catalogue()).imageEncoders.length;
    const entry = await addModel(first, '', filesOf(graphModel()), 'zeroToOne');
    expect(entry.label).toBe('model.json');
    expect(entry.paper).toContain('20 × 20 × 3');
    expect(entry.paper).toContain('5 features');
    const again = await addModel(first, 'My net', filesOf(graphModel()), 'zeroToOne');
    expect(again.name).toBe(entry.name);
    const other = await addModel(first, 'My net', filesOf(graphModel()), 'minusOneToOne');
    expect(other.name).not.toBe(entry.name);
    workers.pop()!.terminate();

    const second = startTrainer();
    const { imageEncoders } = await second.catalogue();
    expect(imageEncoders.slice(known)).toEqual([again, other]);
    await second.deleteEncoder(importedIdOf(entry.name)!);
    await second.deleteEncoder(importedIdOf(other.name)!);
    expect((await second.catalogue()).imageEncoders).toHaveLength(known);
    expect(await encoderRecords()).toBe(0);
  });

  it('keeps nothing of a model that cannot be used, and says why', async () => {
    const trainer = startTrainer();
    const broken = filesOf(graphModel({ activation: 'Frobnicate' }));
    await expect(addModel(trainer, 'x', broken, 'zeroToOne')).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('Frobnicate') as string,
    });
    const [json] = filesOf(graphModel());
    await expect(addModel(trainer, 'x', [json!], 'zeroToOne')).rejects.toThrow('"weights.bin"');
    expect(await encoderRecords()).toBe(0);
  });
});

describe('importEncoder of weights', () => {
  it('keeps them with what their config says, once for the same use', async () => {
    const trainer = startTrainer();
    const weights = await tinyWeights('tiny_vit_dinov2_style');
    const config = {
      num_heads: 4,
      pretrained_cfg: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    };
    const entry = await addModel(trainer, '', [weights, configFile(config)], 'zeroToOne');
    expect(entry.label).toBe('tiny_vit_dinov2_style.safetensors');
    expect(entry.paper).toMatch(
      /can be trained: Vision transformer 32 × 2, patch 7 px.*4 attention heads.*class token.*config\.json.*32 features/,
    );
    // The config tells the scaling, so that the choice does not matter; other heads are another network.
    const same = await addModel(trainer, '', [weights, configFile(config)], 'standardised');
    expect(same.name).toBe(entry.name);
    const other = await addModel(
      trainer,
      '',
      [weights, configFile({ ...config, num_heads: 8 })],
      'zeroToOne',
    );
    expect(other.name).not.toBe(entry.name);
    await trainer.deleteEncoder(importedIdOf(entry.name)!);
    await trainer.deleteEncoder(importedIdOf(other.name)!);
    expect(await encoderRecords()).toBe(0);
  });

  it('keeps nothing of what does not fit, and says why', async () => {
    const trainer = startTrainer();
    const refused = (file: File): Promise<unknown> => addModel(trainer, 'x', [file], 'zeroToOne');
    await expect(refused(await tinyWeights('tiny_bert'))).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(/tiny_bert\.safetensors holds a text encoder/) as string,
    });
    await expect(refused(new File(['x'], 'net.pth'))).rejects.toThrow("torch.load('net.pth'");
    await expect(refused(new File(['not weights'], 'net.safetensors'))).rejects.toThrow(
      /^net\.safetensors: /,
    );
    const values = new Uint8Array(await (await tinyWeights('tiny_resnet_basic')).arrayBuffer());
    values.fill(0xff, values.length - 40_000);
    await expect(refused(new File([values], 'nan.safetensors'))).rejects.toThrow('not finite');
    expect(await encoderRecords()).toBe(0);
  });
});

describe('importEncoder of what the files do not tell', () => {
  it('asks for the heads, keeps nothing until they are answered, and shows them', async () => {
    const trainer = startTrainer();
    const files = [await tinyWeights('tiny_vit')];
    const asked = await trainer.importEncoder('', files, 'zeroToOne', {});
    expect(asked).toMatchObject({ kind: 'question', question: { topic: 'heads' } });
    if (asked.kind !== 'question') throw new Error('it was not asked');
    // The divisors of 48 that leave 8 to 128 dimensions for a head; none is usual.
    expect(asked.question.choices.map(({ value }) => value)).toEqual(['1', '2', '3', '4', '6']);
    expect(await encoderRecords()).toBe(0);
    expect(await trainer.importEncoder('', files, 'zeroToOne', { heads: '5' })).toEqual(asked);
    const reply = await trainer.importEncoder('', files, 'zeroToOne', { heads: '3' });
    expect(reply).toMatchObject({ kind: 'added', leftOut: 'head.bias, head.weight' });
    if (reply.kind !== 'added') throw new Error('it was not added');
    expect(reply.entry.paper).toMatch(/3 attention heads.*Left out of the file: head\.bias, head\.weight\./);
    const told = await addModel(trainer, '', [...files, configFile({ num_heads: 3 })], 'zeroToOne');
    expect(told.name).toBe(reply.entry.name);
    const { imageEncoders } = await trainer.catalogue();
    expect(imageEncoders.at(-1)!.paper).toContain('3 attention heads');
  });

  it('asks for the intensities where none are chosen, and follows preprocessor_config.json', async () => {
    const trainer = startTrainer();
    const files = [await tinyWeights('tiny_resnet_basic')];
    expect(await trainer.importEncoder('', files, null, {})).toMatchObject({
      kind: 'question',
      question: { topic: 'scaling' },
    });
    const chosen = await addModel(trainer, '', files, null, { scaling: 'minus1024To1024' });
    expect(chosen.paper).toContain('films from −1024 to 1024');
    const preprocessor = new File(
      [JSON.stringify({ image_mean: [0.53], image_std: [0.26], do_rescale: true })],
      'preprocessor_config.json',
    );
    const told = await addModel(trainer, '', [...files, preprocessor], null);
    expect(told.paper).toContain('films scaled as its config.json says');
    const graph = await trainer.importEncoder('', filesOf(graphModel()), null, {});
    expect(graph).toMatchObject({ kind: 'question', question: { topic: 'scaling' } });
  });

  it('refuses a config.json of another network by its name', async () => {
    const trainer = startTrainer();
    const add = (config: object): Promise<unknown> =>
      tinyWeights('tiny_vit').then((file) => addModel(trainer, '', [file, configFile(config)], 'zeroToOne'));
    await expect(add({ hidden_size: 768, num_attention_heads: 12 })).rejects.toThrow(
      /config\.json describes another network: it says 768 dimensions, but tiny_vit\.safetensors has 48/,
    );
    await expect(add({ architecture: 'vit_base_patch16_224' })).rejects.toThrow(/another network/);
    await expect(add({ num_heads: 3, act_layer: 'quick_gelu' })).rejects.toThrow(
      /activation is "quick_gelu"/,
    );
    expect(await encoderRecords()).toBe(0);
  });
});

describe('a study with imported weights', () => {
  it.each([
    // Batch normalisation with running statistics, three channels whose means differ; tokens without batch statistics.
    ['tiny_resnet_bottleneck', { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }, 40],
    ['tiny_vit', { num_heads: 3, global_pool: 'avg' }, 48],
  ])('of %s probes them and trains them whole', async (file, said, dimensions) => {
    const cohort = await smallCohort();
    const trainer = startTrainer();
    const files = [await tinyWeights(file), configFile(said)];
    const { name, label } = await addModel(trainer, 'My weights', files, 'standardised');
    const small = smokeTwin(presets['demo']!);
    const probe = small.tunings.find(({ tuning }) => tuning === 'linearProbe')!;
    const full: TuningPlan = {
      ...probe,
      tuning: 'full',
      training: { ...probe.training, learningRate: 1e-3, batchSize: 8, maxSteps: 4, validateEverySteps: 2 },
    };
    const config: StudyConfig = {
      ...small,
      labels: small.labels.slice(0, 1),
      arms: ['imageOnly'],
      tunings: [probe, full],
      imageSide: 32,
      imageEncoders: [{ name, settings: {}, label }],
      seeds: [1],
      weightDecays: [0.01],
    };
    const study = await trainer.createStudy(cohort.id, config);
    const outcome = await trainer.run(
      study.id,
      Comlink.proxy(() => undefined),
    );
    expect(outcome).toMatchObject({ kind: 'finished', done: study.plan.length, failures: [] });
    const results = await trainer.results(study.id);
    expect(results.find(({ kind }) => kind === 'features')).toMatchObject({ dimensions });
    const runs = results.filter((result) => result.kind === 'run');
    expect(new Set(runs.map(({ job }) => job.tuning))).toEqual(new Set(['linearProbe', 'full']));
    for (const { job, test, history } of runs) {
      expect(new Set(test.logits).size, job.tuning).toBeGreaterThan(2);
      expect(history.length).toBeGreaterThan(0);
    }
  });
});

describe('a study with an imported model', () => {
  it('computes its features once for all seeds, and is refused when the model is gone', async () => {
    const cohort = await smallCohort();
    const trainer = startTrainer();
    const { name, label } = await addModel(
      trainer,
      'My net',
      filesOf(graphModel({ filters: 6 })),
      'standardised',
    );
    await forgetKinds(importedIdOf(name)!);
    const small = smokeTwin(presets['demo']!);
    const probe = small.tunings.filter(({ tuning }) => tuning === 'linearProbe');
    expect(probe).toHaveLength(1);
    const config: StudyConfig = {
      ...small,
      labels: [],
      arms: ['imageOnly'],
      tunings: probe,
      imageSide: 32,
      imageEncoders: [{ name, settings: {}, label }],
      seeds: [1, 2],
      weightDecays: [0.01],
    };
    const study = await trainer.createStudy(cohort.id, config);
    const features = study.plan.filter(({ job }) => job.kind === 'features');
    expect(features).toHaveLength(1);
    const outcome = await trainer.run(
      study.id,
      Comlink.proxy(() => undefined),
    );
    expect(outcome).toMatchObject({ kind: 'finished', done: study.plan.length, failures: [] });
    const results = await trainer.results(study.id);
    expect(results.find(({ kind }) => kind === 'features')).toMatchObject({ dimensions: 6 });

    await trainer.deleteEncoder(importedIdOf(name)!);
    await expect(trainer.createStudy(cohort.id, { ...config, name: 'Again' })).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('"My net"') as string,
    });
  });
});
