/**
 * A database of the first version, which had no stores for encoders and weights, is opened by this one: what was kept is still there.
 */
import { get, set } from 'idb-keyval';
import { expect, it } from 'vitest';
import { openStore, storeNames } from '../../src/storage/database.ts';
import { wipe } from '../../src/storage/inventory.ts';

const firstStores = ['cohorts', 'rows', 'films', 'studies', 'results', 'features', 'checkpoints', 'settings'];

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('no reason'));
  });
}

/** The database as version 1 made it, with one result. */
async function firstVersion(): Promise<void> {
  await settled(indexedDB.deleteDatabase('reading-room'));
  const opening = indexedDB.open('reading-room', 1);
  opening.onupgradeneeded = () => firstStores.forEach((name) => opening.result.createObjectStore(name));
  const database = await settled(opening);
  const transaction = database.transaction('results', 'readwrite');
  await settled(transaction.objectStore('results').put({ validationScore: 0.75 }, 'cohort/run'));
  database.close();
}

it('gains the stores for encoders, weights and notes and keeps what it had', async () => {
  await firstVersion();
  expect(await get('cohort/run', openStore('results'))).toEqual({ validationScore: 0.75 });
  expect(await get('about/x', openStore('encoders'))).toBeUndefined();
  await set('about/x', new Uint8Array([1, 2]).buffer, openStore('encoders'));
  expect(new Uint8Array((await get<ArrayBuffer>('about/x', openStore('encoders')))!)).toEqual(
    new Uint8Array([1, 2]),
  );
  expect(await get('cohort/pretraining', openStore('weights'))).toBeUndefined();
  const database = await settled(indexedDB.open('reading-room'));
  expect(database.version).toBe(4);
  expect([...database.objectStoreNames].sort()).toEqual([...storeNames].sort());
  database.close();
  await wipe();
});
