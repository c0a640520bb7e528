/** A cohort is kept whole or not at all, once for equal films, and goes with its studies. */
import '../fakes/browser-storage.ts';
import { afterEach, expect, test } from 'vitest';
import { importSynthetic } from '../../src/jobs/import-cohort.ts';
import { defaultDials } from '../../src/cohort/synthetic/dials.ts';
import { forgetCohort, keepCohort } from '../../src/records/cohort-keeper.ts';
import { openCohort, openImages } from '../../src/records/open-cohort.ts';
import { cohortStore, imageStore, resultStore, rowStore, studyStore } from '../../src/records/stores.ts';
import { wipe } from '../../src/storage/inventory.ts';
import { storeTinyCohort } from '../workers/tiny-study.ts';
import { keepTinyStudy } from './kept-study.ts';

afterEach(() => wipe());

const dials = { ...defaultDials, patients: 12 };
const options = {
  name: 'Drawn',
  side: 32,
  fit: 'crop',
  seed: 1,
  fractions: { train: 0.6, validation: 0.2, test: 0.2 },
} as const;
const draw = (): ReturnType<typeof importSynthetic> => importSynthetic(dials, options, () => undefined);

test('an equal cohort keeps its id and its films stand once', async () => {
  const first = await draw();
  const packs = await imageStore.keys();
  const second = await draw();
  expect(second.id).toBe(first.id);
  expect(second.fingerprint).toBe(first.fingerprint);
  expect(await imageStore.keys()).toEqual(packs);
  expect(await cohortStore.keys()).toEqual([first.id]);
});

test('every film can be read back, each patient on one side', async () => {
  const { id, rowCount } = await draw();
  const open = await openCohort(id);
  expect(open.rows).toHaveLength(rowCount);
  const films = await openImages(open);
  const pixels = await films.read(open.rows.map(({ index }) => index));
  expect(pixels).toHaveLength(rowCount * 32 * 32);
  const sides = new Map<string, Set<string>>();
  for (const { patientId, split } of open.rows)
    sides.set(patientId, (sides.get(patientId) ?? new Set()).add(split));
  for (const on of sides.values()) expect(on.size).toBe(1);
});

test('an import that fails midway leaves nothing, and the next removes what a killed tab left', async () => {
  const { id } = await draw();
  await imageStore.set('killed/000000', new Uint8Array(4));
  await rowStore.set('killed', []);
  function* films(): Generator<never> {
    throw new Error('the disk is gone');
  }
  const words = {
    name: 'Broken',
    source: { kind: 'folder', importer: 'test' },
    labelNames: ['a'],
    splitOrigin: { kind: 'column', column: 'split' },
  } as const;
  const broken = keepCohort(
    { films: films(), total: 1, labelNames: ['a'] },
    options,
    words,
    {
      signal: new AbortController().signal,
      onProgress: () => undefined,
    },
    () => [],
  );
  await expect(broken).rejects.toThrow('the disk is gone');
  expect(await cohortStore.keys()).toEqual([id]);
  expect(await rowStore.keys()).toEqual([id]);
  expect((await imageStore.keys()).every((key) => key.startsWith(id))).toBe(true);
});

test('a cohort takes its studies and their results, and leaves those of another', async () => {
  const other = await draw();
  await storeTinyCohort();
  await keepTinyStudy();
  await forgetCohort('tiny');
  for (const store of [studyStore, resultStore]) expect(await store.keys()).toEqual([]);
  expect(await cohortStore.keys()).toEqual([other.id]);
  expect(await rowStore.keys()).toEqual([other.id]);
});
