/** A study is planned on its cohort and kept once. */
import '../fakes/browser-storage.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStudy } from '../../src/jobs/plan-study.ts';
import { studyStore } from '../../src/records/stores.ts';
import { wipe } from '../../src/storage/inventory.ts';
import { storeTinyCohort, tinyStudy } from '../workers/tiny-study.ts';

beforeEach(storeTinyCohort);
afterEach(() => wipe());

test('the same study is kept once, from the day on which it was first planned', async () => {
  const first = await createStudy('tiny', tinyStudy);
  await studyStore.set(first.id, { ...first, createdAt: '2020-01-01T00:00:00.000Z' });
  const again = await createStudy('tiny', tinyStudy);
  expect(again).toEqual({ ...first, createdAt: '2020-01-01T00:00:00.000Z' });
  expect(await studyStore.keys()).toEqual([first.id]);
});

test('another name is another study of the same jobs', async () => {
  const first = await createStudy('tiny', tinyStudy);
  const second = await createStudy('tiny', { ...tinyStudy, name: 'Renamed' });
  expect(second.id).not.toBe(first.id);
  expect(second.plan).toEqual(first.plan);
});

test.each([
  [{ labels: ['b'] }, /"b"/],
  [{ imageSide: 64 }, /64/],
  [{ imageEncoders: [{ name: 'imported:gone', settings: {} }] }, /model/],
  [
    {
      pretrainings: [
        { name: 'mine', objectives: [{ name: 'mae', weight: 1, settings: {} }], permutedReports: false },
      ],
    },
    /patches/,
  ],
])('%o does not fit and is not kept', async (changes, sentence) => {
  await expect(createStudy('tiny', { ...tinyStudy, ...changes })).rejects.toThrow(sentence);
  expect(await studyStore.keys()).toEqual([]);
});

test('a cohort that is gone is named with what to do', async () => {
  await expect(createStudy('nothing', tinyStudy)).rejects.toThrow('Import it again');
});
