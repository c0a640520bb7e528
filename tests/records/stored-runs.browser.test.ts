/** Results put straight into the stores: measured and compared by the real evaluator's worker, deleted with what stands on them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WorkerClient } from '../../src/app/worker-client.ts';
import { wipe } from '../../src/storage/inventory.ts';
import type { JobResult, PlannedJob, Predictions } from '../../src/study/job.ts';
import { planStudy } from '../../src/study/plan.ts';
import { whileInUse } from '../../src/records/cohort-lock.ts';
import type { EvaluatorApi } from '../../workers/contract.ts';
import type { StudyRecord } from '../../src/records/study-record.ts';
import { forgetResult, previewResultDeletion } from '../../src/records/result-keeper.ts';
import { featureStore, noteStore, resultStore, rowStore, studyStore } from '../../src/records/stores.ts';
import { forgetStudy, previewStudyDeletion } from '../../src/records/study-keeper.ts';
import { storeTinyCohort, tinyStudy } from '../workers/tiny-study.ts';

const client = new WorkerClient<EvaluatorApi>(
  'evaluator',
  () => new Worker(new URL('../../workers/evaluator.ts', import.meta.url), { type: 'module' }),
  (sentence) => console.error(sentence),
);
const evaluator = client.api;
let study: StudyRecord;
let plan: readonly PlannedJob[];
const keyOf = (id: string): string => `tiny-fingerprint/${id}`;
const idOf = (arm: string): string =>
  plan.find(({ arms, job }) => job.kind === 'run' && arms.join() === arm)!.id;

/** Logits that separate the classes wholly: the film's row is even where the label is 1. */
function predict(from: number, to: number): Predictions {
  const rows = Array.from({ length: to - from }, (_, i) => from + i);
  return { rows, logits: rows.map((row) => (row % 2 === 0 ? 1 : -1)) };
}

function resultOf({ id, job }: PlannedJob): JobResult {
  const kept = { id, durationMs: 1, adapter: 'none', finishedAt: '2026-01-01T00:00:00.000Z' };
  if (job.kind !== 'run') return { ...kept, kind: 'features', job, dimensions: 2 } as JobResult;
  return {
    ...kept,
    kind: 'run',
    job: { ...job, training: { ...job.training, weightDecay: job.training.weightDecay! } },
    teacherId: null,
    validationScore: 1,
    validationAuroc: 1,
    positiveWeight: 1,
    training: predict(0, 20),
    validation: predict(20, 30),
    test: predict(30, 40),
    steps: 1,
    bestStep: 1,
    history: [],
    trainingPatients: 20,
    trainingPositives: 10,
  };
}

async function storeStudy(id: string, name: string, config = tinyStudy): Promise<StudyRecord> {
  const rows = (await rowStore.get('tiny'))!;
  const record: StudyRecord = {
    id,
    cohortId: 'tiny',
    cohortFingerprint: 'tiny-fingerprint',
    config: { ...config, name },
    plan: await planStudy(config, { fingerprint: 'tiny-fingerprint', labelNames: ['a'], rows }),
    createdAt: '2026-01-01T00:00:00.000Z',
  };
  await studyStore.set(id, record);
  return record;
}

const storeResults = (jobs: readonly PlannedJob[]): Promise<void> =>
  resultStore.setMany(jobs.map((job) => [keyOf(job.id), resultOf(job)]));

beforeAll(async () => {
  await wipe();
  await storeTinyCohort();
  study = await storeStudy('large', 'Large');
  plan = study.plan;
  await storeResults(plan);
  for (const { id, job } of plan)
    if (job.kind === 'features') await featureStore.set(keyOf(id), new Float32Array(80));
  await noteStore.set('large', { study: 'Mine.', runs: { [idOf('student')]: { pinned: true, note: '' } } });
});

afterAll(async () => {
  client.end('The tests are over.');
  await wipe();
});

it('a run is measured on both sides of a finished study, and two are compared', async () => {
  const found = await evaluator.measure('large', idOf('student'), ['auroc', 'logLoss'], null);
  expect(found.validation).toMatchObject({ films: 10, patients: 10, positives: 5 });
  expect(found.test).toMatchObject({ films: 10, patients: 10, positives: 5 });
  expect(found.test!.metrics['auroc']).toEqual({ value: 1, low: 1, high: 1 });
  // Every film has the logit of its class: −ln σ(1).
  expect(found.test!.metrics['logLoss']!.value).toBeCloseTo(Math.log(1 + Math.exp(-1)), 9);
  const { test } = await evaluator.compareRuns('large', idOf('student'), idOf('imageOnly'));
  expect(test!.difference).toEqual({ value: 0, low: 0, high: 0 });
  const { notes } = JSON.parse(await (await evaluator.exportStudy('large', 'results.json')).text()) as {
    notes: { study: string };
  };
  expect(notes.study).toBe('Mine.');
});

it('deleting a teacher deletes its students and nothing else, and hides test patients', async () => {
  const teacher = idOf('teacher');
  await expect(whileInUse('tiny-fingerprint', () => forgetResult('large', teacher))).rejects.toThrow(
    /is running/,
  );
  const { jobs, otherStudies, sizeBytes } = await previewResultDeletion('large', teacher);
  expect([...jobs].sort()).toEqual([teacher, idOf('student')].sort());
  expect(otherStudies).toEqual([]);
  expect(sizeBytes).toBeGreaterThan(0);
  await forgetResult('large', teacher);
  const left = plan.map(({ id }) => id).filter((id) => !jobs.includes(id));
  expect(await resultStore.keys()).toEqual(left.map(keyOf).sort());
  expect(await featureStore.keys()).toHaveLength(1);
  const baseline = await evaluator.measure('large', idOf('imageOnly'), ['auroc'], 0.5);
  expect(baseline.test).toBeNull();
  await expect(evaluator.measure('large', teacher, ['auroc'], 0.5)).rejects.toThrow(/has no result/);
});

it('deleting what another study shares says so; deleting a study takes its notes and leaves the shared results', async () => {
  const small = await storeStudy('small', 'Small', { ...tinyStudy, arms: ['imageOnly'] });
  await storeResults(plan);
  const shared = small.plan.map(({ id }) => id);
  expect(await previewResultDeletion('large', shared[0]!)).toMatchObject({ otherStudies: ['Small'] });
  const deletion = await previewStudyDeletion('large');
  expect(deletion).toMatchObject({
    results: plan.length - shared.length,
    features: 0,
    resultsKept: shared.length,
    keptBy: ['Small'],
  });
  await forgetStudy('large');
  expect(await resultStore.keys()).toEqual(shared.map(keyOf).sort());
  expect(await noteStore.keys()).toEqual([]);
  expect(await previewStudyDeletion('small')).toMatchObject({
    results: shared.length,
    resultsKept: 0,
    keptBy: [],
  });
});
