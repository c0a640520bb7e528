/**
 * A person's own text graph through the real trainer's worker: kept beside its vocabulary over the end of the worker, run once over a
 * cohort's reports with its progress told, and used as T by a probe and a teacher.
 */
import * as Comlink from 'comlink';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { importedIdOf } from '../../src/identity/imported-encoder.ts';
import type { ModelFile } from '../../src/models/imported/tfjs-files.ts';
import { wipe } from '../../src/storage/inventory.ts';
import type { StudyConfig } from '../../src/study/config.ts';
import type { CatalogueEntry } from '../../src/jobs/catalogue-entry.ts';
import type { Progress } from '../../src/progress/progress.ts';
import type { StudyEvent } from '../../src/jobs/study-event.ts';
import type { StudyOutcome } from '../../src/study/queue.ts';
import type { StudyRecord } from '../../src/records/study-record.ts';
import type { TrainerApi } from '../../workers/contract.ts';
import { featureStore, reportEmbeddingsKey, rowStore } from '../../src/records/stores.ts';
import { graphModel, textFile } from '../models/imported/tiny-models.ts';
import { piecesFile, textGraph, tinyDimensions, tinyPieces } from '../models/imported/tiny-text-graph.ts';
import { storeTinyCohort, tinyStudy } from './tiny-study.ts';
import { addModel } from './add-model.ts';

const wordings = 40;

let worker: Worker;
let trainer: Comlink.Remote<TrainerApi>;
let entry: CatalogueEntry;
let key: string;
let config: StudyConfig;

function startTrainer(): void {
  worker = new Worker(new URL('../../workers/trainer.ts', import.meta.url), { type: 'module' });
  trainer = Comlink.wrap<TrainerApi>(worker);
}

function add(files: readonly ModelFile[], name = 'Our graph'): Promise<CatalogueEntry> {
  return addModel(
    trainer,
    name,
    files.map((file) => new File([file.bytes], file.name)),
    'zeroToOne',
  );
}

/** Every row's report gets an end of its own, in letters that the vocabulary knows. */
async function tellReportsApart(): Promise<void> {
  const rows = (await rowStore.get('tiny'))!;
  const own = (index: number): string => index.toString(2).replaceAll('0', 'a').replaceAll('1', 'b');
  await rowStore.set(
    'tiny',
    rows.map((row) => ({ ...row, report: `${row.report} ${own(row.index)}` })),
  );
}

async function run(
  asked: StudyConfig,
  onEvent: (event: StudyEvent, study: StudyRecord) => void = () => {},
): Promise<{ outcome: StudyOutcome; readings: Progress[]; features: Progress[] }> {
  const study = await trainer.createStudy('tiny', asked);
  const told: Progress[] = [];
  const outcome = await trainer.run(
    study.id,
    Comlink.proxy((event) => {
      if (event.kind === 'jobProgress') told.push(event.progress);
      onEvent(event, study);
    }),
  );
  return {
    outcome,
    readings: told.filter(({ phase }) => phase === 'Reading reports'),
    features: told.filter(({ phase }) => phase === 'Computing features of films'),
  };
}

beforeAll(async () => {
  await wipe();
  startTrainer();
  const cohort = await storeTinyCohort();
  await tellReportsApart();
  entry = await add([...textGraph(), piecesFile()]);
  const films = await add(graphModel(), 'Films');
  key = reportEmbeddingsKey(cohort.fingerprint, importedIdOf(entry.name)!);
  const probe = tinyStudy.tunings[0]!;
  config = {
    ...tinyStudy,
    name: 'Own graph',
    arms: ['textOnly', 'teacher'],
    // A network of one convolution: its features cost nothing.
    imageEncoders: [{ name: films.name, settings: {}, label: films.label }],
    tunings: [{ ...probe, training: { ...probe.training, maxSteps: 20 } }],
    textEncoder: { name: entry.name, settings: {}, label: entry.label },
  };
});

afterAll(async () => {
  worker.terminate();
  await wipe();
});

it('is listed among what reads reports, once for equal files, over the end of its worker', async () => {
  expect(entry.name).toMatch(/^imported:text-/);
  expect(entry.paper).toMatch(/reads reports: TensorFlow\.js graph, 17 pieces, 6 features/);
  expect((await add([piecesFile(), ...textGraph()])).name).toBe(entry.name);
  const others = tinyPieces.map(([piece, score], id): [string, number] => [piece, id === 7 ? -9 : score]);
  const other = await add([...textGraph(), piecesFile(others)]);
  expect(other.name).not.toBe(entry.name);
  await trainer.deleteEncoder(importedIdOf(other.name)!);
  worker.terminate();
  startTrainer();
  const { imageEncoders, textEncoders } = await trainer.catalogue();
  expect(textEncoders.at(-1)).toEqual(entry);
  expect(imageEncoders.map(({ name }) => name)).not.toContain(entry.name);
});

it.each<[string, () => ModelFile[], RegExp]>([
  ['its vocabulary', () => textGraph(), /vocabulary is missing\. Choose vocab\.json.*beside model\.json/],
  [
    'a vocabulary of its kind',
    () => [...textGraph(), textFile('vocab.json', '["[PAD]"]')],
    /vocab\.json has 1 entries/,
  ],
  [
    'the vocabulary of its table',
    () => [...textGraph({ rows: 12 }), piecesFile()],
    /table of 12 pieces, but the vocabulary has 17/,
  ],
  [
    'whole numbers for its ids',
    () => [...textGraph({ type: 'DT_FLOAT' }), piecesFile()],
    /model\.json has 2 inputs \(int32 \[any, 2\]; float32 \[any\]\).*image encoder.*text encoder/,
  ],
])('is refused without %s, and the trainer is free again', async (_words, files, sentence) => {
  await expect(add(files())).rejects.toMatchObject({
    name: 'InputError',
    message: expect.stringMatching(sentence) as string,
  });
  expect((await add([...graphModel(), piecesFile()], 'Films')).paper).toContain('20 × 20 × 3');
});

it('can be stopped while it reads, and then nothing of it is kept', async () => {
  const { outcome, readings, features } = await run(config, (event, { plan }) => {
    const started = event.kind === 'jobStarted' ? plan.find(({ id }) => id === event.id)! : null;
    if (started?.job.kind === 'run' && started.job.method === 'textOnly') void trainer.stop();
  });
  expect(outcome).toMatchObject({ kind: 'stopped', failures: [] });
  expect(features.at(-1)).toMatchObject({ done: 40, total: 40 });
  expect(readings.length).toBeGreaterThan(0);
  for (const { done } of readings) expect(done).toBeLessThan(wordings);
  expect(await featureStore.get(key)).toBeUndefined();
});

it('reads the reports once, telling how many, for a probe and a teacher', async () => {
  const { outcome, readings } = await run({ ...config, seeds: [2] });
  expect(outcome).toMatchObject({ kind: 'finished', failures: [] });
  // Batches of 16.
  expect(readings.map(({ done, total }) => [done, total])).toEqual(
    [0, 16, 32, 40].map((done) => [done, wordings]),
  );
  const embeddings = (await featureStore.get(key))!;
  expect(embeddings).toHaveLength(wordings * tinyDimensions);

  const again = await run({ ...config, seeds: [3] });
  expect(again.outcome.kind).toBe('finished');
  expect(again.readings).toEqual([]);
  expect(await featureStore.get(key)).toEqual(embeddings);
});
