/**
 * The importer's worker as the page uses it: a small folder goes in, is stored in IndexedDB, and is read back through another worker.
 */
import { proxy, wrap, type Remote } from 'comlink';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { syntheticFilmCount } from '../../src/cohort/synthetic/generator.ts';
import { defaultDials } from '../../src/cohort/synthetic/dials.ts';
import { inventory, wipe } from '../../src/storage/inventory.ts';
import type { ImporterApi } from '../../workers/contract.ts';
import type { ImportOptions } from '../../src/cohort/import-options.ts';
import type { Progress } from '../../src/progress/progress.ts';
import { imageStore } from '../../src/records/stores.ts';
import { folderOf } from '../cohort/importers/folder.ts';
import { greyPng, jpegBytes, withBytes } from '../cohort/decoders/films.ts';

const options: ImportOptions = {
  name: 'Small folder',
  side: 32,
  fit: 'crop',
  seed: 3,
  fractions: { train: 0.5, validation: 0.25, test: 0.25 },
};

let workers: Worker[] = [];

function startImporter(): Remote<ImporterApi> {
  const worker = new Worker(new URL('../../workers/importer.ts', import.meta.url), { type: 'module' });
  workers.push(worker);
  return wrap<ImporterApi>(worker);
}

beforeEach(() => wipe());
afterEach(() => {
  for (const worker of workers) worker.terminate();
  workers = [];
});

/** 80 films of 40 patients, more than a pack holds; film i is plainly i grey. */
async function smallFolder(): Promise<ReturnType<typeof folderOf>> {
  const films = Object.fromEntries(
    Array.from({ length: 80 }, (_, i) => [`set/p${i}.png`, greyPng(48, 40, (x) => i + (x === 0 ? 1 : 0))]),
  );
  const rows = Array.from(
    { length: 80 },
    (_, i) => `p${i}.png;P${i >> 1};"Report; number ${i}";${(i >> 1) % 2};${i % 3 ? '' : (i >> 1) % 2}`,
  );
  return folderOf({
    ...films,
    'set/deep.png': greyPng(64, 64, (x, y) => x + 64 * y, 16),
    'set/colour.jpg': await jpegBytes(50, 40, '#7f7f7f'),
    'set/broken.png': withBytes(
      greyPng(16, 16, () => 1),
      45,
      1,
      2,
      3,
    ),
    'set/huge.png': withBytes(
      greyPng(16, 16, () => 1),
      16,
      0x7f,
      0xff,
      0xff,
      0xff,
    ),
    'set/labels.csv': `\uFEFFimage;patient_id;report;dx;died\n${rows.join('\n')}\ndeep.png;D;deep film;1;1\ncolour.jpg;C;colour film;0;0\nbroken.png;B;broken film;0;1\nhuge.png;H;huge film;1;0\n`,
  });
}

async function importSmall(
  importer: Remote<ImporterApi>,
  onProgress: (progress: Progress) => void = () => undefined,
) {
  const survey = await importer.survey(await smallFolder(), null);
  return { survey, cohort: await importer.importFolder(survey.mapping, options, proxy(onProgress)) };
}

describe('a folder', () => {
  it('is surveyed without storing anything, with five pairs', async () => {
    const survey = await startImporter().survey(await smallFolder(), null);
    expect(survey).toMatchObject({ tableRows: 84, images: 84, usableRows: 84, patients: 44, reports: 84 });
    expect(survey.labels.map(({ name }) => name)).toEqual(['dx', 'died']);
    expect(survey.preview).toHaveLength(5);
    const { pixels, side } = survey.preview[0]!.thumbnail;
    expect(pixels).toHaveLength(side * side);
    expect((await inventory()).every(({ records }) => records === 0)).toBe(true);
  });

  it('is stored whole and read back by a fresh worker: rows, labels, films, problems', async () => {
    const progress: Progress[] = [];
    const { cohort } = await importSmall(startImporter(), (one) => progress.push(one));
    const fresh = startImporter();
    expect(await fresh.cohorts()).toEqual([cohort]);
    const rows = await fresh.rows(cohort.id);
    expect(cohort).toMatchObject({
      name: 'Small folder',
      side: 32,
      rowCount: 82,
      patientCount: 42,
      labelNames: ['dx', 'died'],
    });
    expect(rows.map(({ index }) => index)).toEqual(Array.from({ length: 82 }, (_, i) => i));
    expect(rows[6]).toMatchObject({
      imageId: 'p6.png',
      patientId: 'P3',
      report: 'Report; number 6',
      labels: [1, 1],
    });
    expect(rows[7]).toMatchObject({ labels: [1, null] });
    const sides = new Map(rows.map(({ patientId, split }) => [patientId, split]));
    expect(rows.every(({ patientId, split }) => sides.get(patientId) === split)).toBe(true);
    const refused = cohort.problems.filter(({ severity }) => severity === 'refused');
    expect(refused.map(({ where }) => where).sort()).toEqual(['set/broken.png', 'set/huge.png']);
    expect(progress.at(-1)).toMatchObject({ done: 84, total: 84 });

    const { side, pixels } = await fresh.films(cohort.id, [70, 3, 81, 80]);
    const middle = (place: number): number => pixels[place * side * side + side * 16 + 16]!;
    expect([middle(0), middle(1)]).toEqual([70, 3]);
    expect(Math.abs(middle(2) - 127)).toBeLessThanOrEqual(2);
    // The 16-bit film rises from 0 to 4095: its first and last lines are dark and bright after windowing.
    expect(pixels[3 * side * side]).toBeLessThan(10);
    expect(pixels[4 * side * side - 1]).toBeGreaterThan(245);
  });

  it('is not stored twice: an equal import replaces the earlier one under its id', async () => {
    const importer = startImporter();
    const { survey, cohort } = await importSmall(importer);
    const before = await imageStore.keys();
    const again = await importer.importFolder(
      survey.mapping,
      { ...options, name: 'New name' },
      proxy(() => undefined),
    );
    expect(again).toMatchObject({ id: cohort.id, fingerprint: cohort.fingerprint, name: 'New name' });
    expect(await imageStore.keys()).toEqual(before);
    const other = await importer.importFolder(
      survey.mapping,
      { ...options, seed: 4 },
      proxy(() => undefined),
    );
    expect(other.fingerprint).not.toBe(cohort.fingerprint);
    expect(await importer.cohorts()).toHaveLength(2);
    await importer.deleteCohort(other.id);
    await importer.deleteCohort(cohort.id);
    expect((await inventory()).every(({ records }) => records === 0)).toBe(true);
  });

  it('names a film that was asked for but is not there, and a cohort that is gone', async () => {
    const importer = startImporter();
    await expect(importer.rows('gone')).rejects.toMatchObject({ name: 'InputError' });
    await expect(importer.films('gone', [0])).rejects.toThrow(/no longer stored/);
  });

  it('says what to do when no folder is open, or options make no sense', async () => {
    const importer = startImporter();
    const { mapping } = await startImporter().survey(await smallFolder(), null);
    await expect(
      importer.importFolder(
        mapping,
        options,
        proxy(() => undefined),
      ),
    ).rejects.toThrow(/choose a folder/);
    await importer.survey(await smallFolder(), null);
    await expect(
      importer.importFolder(
        mapping,
        { ...options, side: 7 },
        proxy(() => undefined),
      ),
    ).rejects.toThrow(/16 to 1024/);
  });
});

describe('a synthetic cohort', () => {
  const dials = { ...defaultDials, patients: 70 };

  it('is drawn, stored, and equal for equal seeds', async () => {
    const importer = startImporter();
    const first = await importer.importSynthetic(
      dials,
      options,
      proxy(() => undefined),
    );
    expect(first.rowCount).toBe(syntheticFilmCount(dials));
    expect(first.patientCount).toBe(dials.patients);
    const again = await importer.importSynthetic(
      dials,
      options,
      proxy(() => undefined),
    );
    expect(again.fingerprint).toBe(first.fingerprint);
    expect(await importer.cohorts()).toHaveLength(1);
    const rows = await importer.rows(first.id);
    const patients = (side: string): number =>
      new Set(rows.filter(({ split }) => split === side).map(({ patientId }) => patientId)).size;
    expect(patients('train')).toBe(35);
  });
});

describe('stopping', () => {
  const many = { ...defaultDials, patients: 20_000 };

  it('leaves nothing behind, and the next import works', async () => {
    const importer = startImporter();
    let seen = 0;
    const running = importer.importSynthetic(
      many,
      { ...options, side: 64 },
      proxy(() => {
        seen++;
        if (seen === 3) void importer.cancel();
      }),
    );
    await expect(running).rejects.toMatchObject({ name: 'StoppedError' });
    expect((await inventory()).every(({ records }) => records === 0)).toBe(true);
    const cohort = await importer.importSynthetic(
      { ...defaultDials, patients: 20 },
      options,
      proxy(() => undefined),
    );
    expect(cohort.rowCount).toBeGreaterThan(0);
  });

  it('refuses a second import beside the first, and clears up after a worker that was killed', async () => {
    const [first, second] = [startImporter(), startImporter()];
    const started = new Promise<void>((resolve) => {
      void first.importSynthetic(
        many,
        { ...options, side: 64 },
        proxy(({ done }) => done > 200 && resolve()),
      );
    });
    await started;
    await expect(
      second.importSynthetic(
        defaultDials,
        options,
        proxy(() => undefined),
      ),
    ).rejects.toThrow(/Another import is running/);
    workers[0]!.terminate();
    expect((await imageStore.keys()).length).toBeGreaterThan(0);
    await expect.poll(async () => (await navigator.locks.query()).held?.length ?? 0).toBe(0);
    const cohort = await second.importSynthetic(
      { ...defaultDials, patients: 20 },
      options,
      proxy(() => undefined),
    );
    expect((await imageStore.keys()).every((key) => key.startsWith(cohort.id))).toBe(true);
  });
});
