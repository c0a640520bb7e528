/** What goes with a study, and what stays because another study needs it. */
import '../fakes/browser-storage.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { whileInUse } from '../../src/records/cohort-lock.ts';
import { jobKey } from '../../src/records/job-key.ts';
import { featureStore, noteStore, resultStore, studyStore } from '../../src/records/stores.ts';
import { forgetStudiesOf, forgetStudy, previewStudyDeletion } from '../../src/records/study-keeper.ts';
import { wipe } from '../../src/storage/inventory.ts';
import { noNotes } from '../../src/study/notes.ts';
import { storeTinyCohort } from '../workers/tiny-study.ts';
import { keepTinyStudy } from './kept-study.ts';

beforeEach(storeTinyCohort);
afterEach(() => wipe());

test('a study alone takes everything that was computed for it, and its notes', async () => {
  const { id, plan } = await keepTinyStudy();
  await noteStore.set(id, noNotes);
  const going = await previewStudyDeletion(id);
  expect(going.results).toBe(plan.length);
  expect(going.features).toBe(plan.filter(({ job }) => job.kind === 'features').length);
  await forgetStudy(id);
  for (const store of [studyStore, noteStore, resultStore, featureStore])
    expect(await store.keys()).toEqual([]);
});

test('what another study of the cohort needs stays', async () => {
  const first = await keepTinyStudy();
  // The same seed, arm for arm, and one seed more: all of the first study's jobs are the second's too.
  const second = await keepTinyStudy({ name: 'Two seeds', seeds: [1, 2] });
  const own = new Set(first.plan.map(({ id }) => id));
  const more = second.plan.filter(({ id }) => !own.has(id));
  expect(more.length).toBeGreaterThan(0);
  expect((await previewStudyDeletion(second.id)).results).toBe(more.length);
  await forgetStudy(second.id);
  const kept = first.plan.map(({ id }) => jobKey('tiny-fingerprint', id)).sort();
  expect(await resultStore.keys()).toEqual(kept);
  expect(await studyStore.keys()).toEqual([first.id]);
});

test('nothing of a study goes while its cohort is in use', async () => {
  const { id, plan } = await keepTinyStudy();
  const refused = await whileInUse('tiny-fingerprint', () =>
    forgetStudy(id).catch((error: unknown) => error),
  );
  expect(refused).toBeInstanceOf(InputError);
  expect(await resultStore.keys()).toHaveLength(plan.length);
});

test('studies of another cohort stay', async () => {
  const { id, plan } = await keepTinyStudy();
  await forgetStudiesOf('another-fingerprint');
  expect(await studyStore.keys()).toEqual([id]);
  expect(await resultStore.keys()).toHaveLength(plan.length);
});

test('a study that is not there is forgotten without a word, and cannot be weighed', async () => {
  await expect(forgetStudy('nothing')).resolves.toBeUndefined();
  await expect(previewStudyDeletion('nothing')).rejects.toThrow('is not on this machine');
});
