/**
 * The database's promises: batches are whole or absent, prefixes are kept apart, and what is stored can be counted and wiped.
 */
import { get, keys, setMany } from 'idb-keyval';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, storeNames } from '../../src/storage/database.ts';
import { inventory, wipe } from '../../src/storage/inventory.ts';
import { TypedStore } from '../../src/storage/typed-store.ts';

beforeEach(() => wipe());
afterEach(() => wipe());

describe('openStore', () => {
  it.each(['relaxed', 'strict'] as const)(
    'stores nothing of a batch with a value that cannot be cloned (%s)',
    async (durability) => {
      const store = openStore('settings', durability);
      const batch: [string, unknown][] = [
        ['a', 1],
        ['b', () => 2],
        ['c', 3],
      ];
      await expect(setMany(batch, store)).rejects.toMatchObject({ name: 'DataCloneError' });
      expect(await keys(store)).toEqual([]);
    },
  );

  it('leaves what was there before a batch that fails', async () => {
    const store = openStore('settings');
    await setMany([['a', 'old']], store);
    await expect(
      setMany(
        [
          ['a', 'new'],
          ['b', () => 2],
        ],
        store,
      ),
    ).rejects.toThrow();
    expect(await get('a', store)).toBe('old');
  });

  it('keeps stores apart', async () => {
    await setMany([['k', 1]], openStore('settings'));
    expect(await get('k', openStore('results'))).toBeUndefined();
  });

  it('works on after its connection was closed by a newer version', async () => {
    const store = openStore('settings');
    await setMany([['k', 1]], store);
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.deleteDatabase('reading-room');
      request.onsuccess = () => resolve();
      request.onerror = () => reject(new Error('not deleted'));
    });
    expect(await get('k', store)).toBeUndefined();
    await setMany([['k', 2]], store);
    expect(await get('k', store)).toBe(2);
  });
});

describe('TypedStore', () => {
  const store = new TypedStore<unknown>('results');

  it('gives back numbers as they were, NaN and −0 among them', async () => {
    await store.set('x', { weights: Float32Array.of(NaN, -0, Infinity), plain: -0 });
    const back = (await store.get('x')) as { weights: Float32Array; plain: number };
    expect([...back.weights]).toEqual([NaN, -0, Infinity]);
    expect(Object.is(back.plain, -0)).toBe(true);
  });

  it('reads and deletes by prefix, sorted, and no more than that', async () => {
    await store.setMany([
      ['a/2', 2],
      ['b/1', 9],
      ['a/1', 1],
      ['ab', 8],
      ['a', 7],
    ]);
    expect(await store.keys('a/')).toEqual(['a/1', 'a/2']);
    expect(await store.values('a/')).toEqual([1, 2]);
    await store.deleteAll('a/');
    expect(await store.keys()).toEqual(['a', 'ab', 'b/1']);
    await store.deleteAll('nothing/');
    await store.delete('nothing');
    expect(await store.getMany(['ab', 'gone', 'a'])).toEqual([8, undefined, 7]);
  });

  it('gives every record that it reads the shape of this version', async () => {
    await store.setMany([
      ['x', { looks: 1 }],
      ['y', { validations: 2 }],
    ]);
    type Count = { looks?: number; validations: number };
    const current = new TypedStore<Count>('results', 'relaxed', ({ looks, ...kept }) =>
      looks === undefined ? kept : { validations: looks },
    );
    expect(await current.get('x')).toEqual({ validations: 1 });
    expect(await current.get('none')).toBeUndefined();
    expect(await current.getMany(['y', 'none', 'x'])).toEqual([
      { validations: 2 },
      undefined,
      { validations: 1 },
    ]);
    expect(await current.values()).toEqual([{ validations: 1 }, { validations: 2 }]);
  });

  it('replaces a record and stores an empty batch', async () => {
    await store.set('x', 1);
    await store.set('x', 2);
    await store.setMany([]);
    expect(await store.values()).toEqual([2]);
  });
});

describe('inventory and wipe', () => {
  it('counts records and bytes of each store', async () => {
    await new TypedStore<Uint8Array>('films').setMany([
      ['c/0', new Uint8Array(1000)],
      ['c/1', new Uint8Array(24)],
    ]);
    await new TypedStore<unknown>('settings').set('s', { theme: 'dark' });
    const lines = await inventory();
    expect(lines.map(({ store }) => store)).toEqual(storeNames);
    expect(lines.find(({ store }) => store === 'films')).toMatchObject({ records: 2, sizeBytes: 1024 });
    expect(lines.find(({ store }) => store === 'settings')).toMatchObject({
      records: 1,
      sizeBytes: 2 * 5 + 2 * 4,
    });
    expect(lines.every(({ description }) => description.length > 0)).toBe(true);
  });

  it('wipes one store, or all', async () => {
    for (const name of storeNames) await new TypedStore<number>(name).set('k', 1);
    await wipe('films');
    expect((await inventory()).filter(({ records }) => records > 0)).toHaveLength(storeNames.length - 1);
    await wipe();
    expect((await inventory()).filter(({ records }) => records > 0)).toEqual([]);
  });
});
