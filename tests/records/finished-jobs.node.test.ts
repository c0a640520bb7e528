/** A job is done when its result and what later jobs read of it are both there. */
import '../fakes/browser-storage.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { finishedIds } from '../../src/records/finished-jobs.ts';
import { openCohort } from '../../src/records/open-cohort.ts';
import { featureStore } from '../../src/records/stores.ts';
import { wipe } from '../../src/storage/inventory.ts';
import { storeTinyCohort } from '../workers/tiny-study.ts';
import { keepTinyStudy } from './kept-study.ts';

beforeEach(storeTinyCohort);
afterEach(() => wipe());

test('all, some or none', async () => {
  const { cohort } = await openCohort('tiny');
  const { plan } = await keepTinyStudy({}, ({ job }) => job.kind === 'features');
  const features = plan.filter(({ job }) => job.kind === 'features').map(({ id }) => id);
  expect([...(await finishedIds(cohort, plan))]).toEqual(features);
  await keepTinyStudy();
  expect((await finishedIds(cohort, plan)).size).toBe(plan.length);
});

test('features whose values were wiped are computed again', async () => {
  const { cohort } = await openCohort('tiny');
  const { plan } = await keepTinyStudy();
  await featureStore.deleteAll('');
  const done = await finishedIds(cohort, plan);
  for (const { id, job } of plan) expect(done.has(id)).toBe(job.kind !== 'features');
});

test('results of a cohort whose fingerprint only begins the same are not its own', async () => {
  const { cohort } = await openCohort('tiny');
  const { plan } = await keepTinyStudy();
  expect((await finishedIds({ ...cohort, fingerprint: 'tiny-finger' }, plan)).size).toBe(0);
});
