/**
 * The real trainer measures a tiny study of every kind of work on WebGPU: its numbers can be used, and nothing but times stays behind.
 */
import { beforeAll, expect, it } from 'vitest';
import { WorkerClient } from '../../src/app/worker-client.ts';
import { storeNames } from '../../src/storage/database.ts';
import { inventory, wipe } from '../../src/storage/inventory.ts';
import type { StudyConfig } from '../../src/study/config.ts';
import { estimateStudy } from '../../src/study/cost/estimate.ts';
import { planStudy } from '../../src/study/plan.ts';
import { defaultPretraining } from '../../src/training/pre-training-fields.ts';
import { speedOf, type Speed } from '../../src/study/cost/speed.ts';
import { kindsOf } from '../../src/study/cost/work-kind.ts';
import type { PretrainingRecipe } from '../../src/training/pre-training.ts';
import type { TrainerApi } from '../../workers/contract.ts';
import { rowStore, speedStore } from '../../src/records/stores.ts';
import { storeTinyCohort, tinyStudy } from '../workers/tiny-study.ts';

let worker: Worker | undefined;
const create = (): Worker => {
  worker = new Worker(new URL('../workers/losing-trainer.ts', import.meta.url), { type: 'module' });
  return worker;
};
const trainer = new WorkerClient<TrainerApi>('trainer', create, (sentence) => console.error(sentence)).api;

/** Tensors that the worker holds at this moment. */
function countTensors(): Promise<number> {
  return new Promise((resolve) => {
    const take = ({ data }: MessageEvent<{ tensors?: number }>): void => {
      if (data.tensors === undefined) return;
      worker!.removeEventListener('message', take);
      resolve(data.tensors);
    };
    worker!.addEventListener('message', take);
    worker!.postMessage('count tensors');
  });
}

const [probe] = tinyStudy.tunings;
const clip: PretrainingRecipe = {
  name: 'aligned',
  objectives: [{ name: 'clip', weight: 1, settings: { outputs: 8 } }],
  permutedReports: false,
};
/** A pre-training, and whole fine-tuning from it. */
const deep: StudyConfig = {
  ...tinyStudy,
  arms: ['imageOnly'],
  tunings: [{ ...probe!, tuning: 'full', training: { ...probe!.training, batchSize: 4 } }],
  pretrainings: ['none', clip],
  pretraining: { ...defaultPretraining, batchSize: 8 },
};

/** Stores with records before anything was measured. */
let fullStores: string[];

beforeAll(async () => {
  await wipe();
  await storeTinyCohort();
  fullStores = await storesWithRecords();
  await trainer.adapter();
});

async function storesWithRecords(): Promise<string[]> {
  return (await inventory()).filter(({ records }) => records > 0).map(({ store }) => store);
}

it.each([
  ['features, probes, teacher and student', tinyStudy, 4],
  ['whole fine-tuning and pre-training', deep, 2],
])(
  'tells the pace of %s in finite numbers and leaves no result, checkpoint or tensor',
  async (_words, config, kindCount) => {
    const before = await countTensors();
    const phases: string[] = [];
    const measuredSpeeds = await trainer.measureSpeeds('tiny', config, ({ phase }) => phases.push(phase));
    expect(await countTensors()).toBe(before);
    expect(await storesWithRecords()).toEqual(afterwards());
    const rows = (await rowStore.get('tiny'))!;
    const plan = await planStudy(config, { fingerprint: 'tiny-fingerprint', labelNames: ['a'], rows });
    const kinds = kindsOf(plan, { films: 40, side: 16 }).map(({ kind }) => kind);
    expect(kinds).toHaveLength(kindCount);
    for (const kind of kinds) {
      const found = speedOf(kind, measuredSpeeds.speeds);
      expect(found?.measured, kind.words).toBe(true);
      expect(faults(found!.speed), kind.words).toEqual([]);
    }
    expect(phases).toHaveLength(kindCount + 1);
    const estimate = estimateStudy(plan, { labelNames: ['a'], rows, side: 16 }, measuredSpeeds);
    expect(estimate.unmeasured).toEqual([]);
    expect(estimate.timeMs![0]).toBeGreaterThan(0);
    expect(await trainer.measuredSpeeds()).toEqual(measuredSpeeds);
    expect((await speedStore.keys('speed/')).length).toBe(1);
  },
);

it('stops when asked and gives the device free', async () => {
  const measuring = trainer.measureSpeeds('tiny', tinyStudy, () => void trainer.stop());
  await expect(measuring).rejects.toThrow('Stopped');
  const wrong = trainer.measureSpeeds('tiny', { ...tinyStudy, labels: ['z'] }, () => {});
  await expect(wrong).rejects.toThrow('no label "z"');
});

/** What may hold records after measuring: what did before, and the settings. */
function afterwards(): string[] {
  return storeNames.filter((store) => store === 'settings' || fullStores.includes(store));
}

/** What of a speed cannot be right. */
function faults(speed: Speed): string[] {
  const numbers = Object.entries(speed).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  const wrong = numbers.filter(([, value]) => !(Number.isFinite(value) && value >= 0)).map(([name]) => name);
  const loops = speed.kind.family !== 'features';
  const positive = loops ? ['unitMs', 'validationFilms', 'checkpointBytes'] : ['unitMs', 'keptBytes'];
  const zero = numbers
    .filter(([name, value]) => positive.includes(name) && value === 0)
    .map(([name]) => name);
  return [...wrong, ...zero];
}
