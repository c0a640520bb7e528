/**
 * The trainer's worker with a person's own model: it is checked, survives the worker, makes features in a study, and can be deleted.
 */
import * as Comlink from 'comlink';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importedIdOf } from '../../src/identity/imported-encoder.ts';
import { defaultDials } from '../../src/cohort/synthetic/dials.ts';
import { inventory, wipe } from '../../src/storage/inventory.ts';
import { presets } from '../../src/study/presets/registry.ts';
import { smokeTwin } from '../../src/study/smoke.ts';
import type { StudyConfig } from '../../src/study/config.ts';
import type { ImporterApi, TrainerApi } from '../../workers/contract.ts';
import type { ModelFile } from '../../src/models/imported/tfjs-files.ts';
import { graphModel } from '../models/imported/tiny-models.ts';

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
    const entry = await first.importEncoder('', filesOf(graphModel()), 'zeroToOne');
    expect(entry.label).toBe('model.json');
    expect(entry.paper).toContain('20 × 20 × 3');
    expect(entry.paper).toContain('5 features');
    const again = await first.importEncoder('My net', filesOf(graphModel()), 'zeroToOne');
    expect(again.name).toBe(entry.name);
    const other = await first.importEncoder('My net', filesOf(graphModel()), 'minusOneToOne');
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
    await expect(trainer.importEncoder('x', broken, 'zeroToOne')).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('Frobnicate') as string,
    });
    const [json] = filesOf(graphModel());
    await expect(trainer.importEncoder('x', [json!], 'zeroToOne')).rejects.toThrow('"weights.bin"');
    expect(await encoderRecords()).toBe(0);
  });
});

describe('a study with an imported model', () => {
  it('computes its features once for all seeds, and is refused when the model is gone', async () => {
    const cohort = await startImporter().importSynthetic(
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
    const trainer = startTrainer();
    const { name, label } = await trainer.importEncoder(
      'My net',
      filesOf(graphModel({ filters: 6 })),
      'standardised',
    );
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
