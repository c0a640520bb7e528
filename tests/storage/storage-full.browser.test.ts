/**
 * A full storage: the error has its name and says what to do, and nothing half-written stays. The quota is set through Chromium's
 * debugging protocol, since no page can do it.
 */
import { proxy, wrap } from 'comlink';
import { cdp } from 'vitest/browser';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../src/random/random.ts';
import { inventory, wipe } from '../../src/storage/inventory.ts';
import { TypedStore } from '../../src/storage/typed-store.ts';
import type { ImporterApi } from '../../workers/contract.ts';
import { greyPng } from '../cohort/decoders/films.ts';
import { folderOf } from '../cohort/importers/folder.ts';

async function setQuota(bytes?: number): Promise<void> {
  const session = cdp() as unknown as { send(method: string, parameters: object): Promise<unknown> };
  const quota = bytes === undefined ? {} : { quotaSize: bytes };
  await session.send('Storage.overrideQuotaForOrigin', { origin: location.origin, ...quota });
}

// Chromium remembers for half a minute how much room a page had, and other tests may have written just before.
beforeAll(async () => {
  await setQuota(6_000_000);
  for (let tries = 0; tries < 25 && !(await isFull()); tries++)
    await new Promise((go) => setTimeout(go, 4_000));
});
beforeEach(() => wipe());
afterAll(async () => {
  await wipe();
  await setQuota();
});

/** Whether more than the quota is refused. */
async function isFull(): Promise<boolean> {
  const store = new TypedStore<Uint8Array>('films', 'strict');
  try {
    await store.set('probe', noise(8_000_000));
    await store.delete('probe');
    return false;
  } catch {
    return true;
  }
}

/** Keeps a record as soon as Chromium counts deleted bytes as free, which takes it a while on a busy machine. */
async function untilKept(store: TypedStore<Uint8Array>, key: string, value: Uint8Array): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await store.set(key, value);
    } catch (error) {
      if (tries === 10) throw error;
      await new Promise((go) => setTimeout(go, 3_000));
    }
  }
}

/** Bytes that do not shrink when the database packs them. */
function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let start = 0; start < length; start += 65536)
    crypto.getRandomValues(bytes.subarray(start, start + 65536));
  return bytes;
}

describe('a full storage', () => {
  it('refuses a batch as a whole with StorageFullError, and works on after something was deleted', async () => {
    const store = new TypedStore<Uint8Array>('films', 'strict');
    await store.set('old', noise(1_000_000));
    const batch = Array.from({ length: 16 }, (_, i) => [`new/${i}`, noise(1_000_000)] as const);
    await expect(store.setMany(batch)).rejects.toMatchObject({
      name: 'StorageFullError',
      message: expect.stringMatching(/full.*Delete a cohort or a study/) as string,
    });
    expect(await store.keys()).toEqual(['old']);
    await store.delete('old');
    await untilKept(store, 'small', new Uint8Array(10));
    expect(await store.keys()).toEqual(['small']);
  });

  it('ends an import with the same error and leaves nothing of it', async () => {
    const worker = new Worker(new URL('../../workers/importer.ts', import.meta.url), { type: 'module' });
    const importer = wrap<ImporterApi>(worker);
    const options = {
      name: 'Too large',
      side: 256,
      fit: 'crop',
      seed: 1,
      fractions: { train: 0.6, validation: 0.2, test: 0.2 },
    } as const;
    const random = new Random('storage full');
    const films = Array.from(
      { length: 160 },
      (_, i) => [`p${i}.png`, greyPng(256, 256, () => random.integer(256))] as const,
    );
    const rows = films.map(([name], i) => `${name},${i},${i % 2}\n`);
    const files = folderOf({ ...Object.fromEntries(films), 'l.csv': `image,patient,dx\n${rows.join('')}` });
    const { mapping } = await importer.survey(files, null);
    const running = importer.importFolder(
      mapping,
      options,
      proxy(() => undefined),
    );
    await expect(running).rejects.toMatchObject({ name: 'StorageFullError' });
    expect((await inventory()).every(({ records }) => records === 0)).toBe(true);
    worker.terminate();
  });
});
