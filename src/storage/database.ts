/**
 * The lab's one IndexedDB database, reached through idb-keyval: several stores, batches that are stored whole or not at all.
 */
import type { UseStore } from 'idb-keyval';
import { StorageFullError } from '../errors.ts';

const databaseName = 'reading-room';
/** Raised with every new store; the upgrade adds the stores that are missing and leaves the others as they are. */
const version = 4;

/** All stores, with what a person is told about them on the privacy page. */
export const storeDescriptions = {
  cohorts: 'Cohorts: name, label names, counts, where the split comes from',
  rows: 'Rows of cohorts: patient and film ids, reports, labels, split',
  films: 'Films of cohorts as grey pixels, many to a record',
  studies: 'Studies: configuration and plan',
  results: 'Results of runs: predictions and learning curves',
  weights: 'Weights of image encoders after pre-training',
  features: 'Features of films from frozen encoders',
  checkpoints: 'Checkpoints of runs in progress',
  encoders: 'models that you brought: their weights, how films are scaled for them',
  notes: 'Your notes on studies and runs, and which runs are pinned',
  settings: 'Settings of this page',
} as const;

/** The name of a store. */
export type StoreName = keyof typeof storeDescriptions;

/** All store names. */
export const storeNames = Object.keys(storeDescriptions) as StoreName[];

let opening: Promise<IDBDatabase> | undefined;

/**
 * A store for idb-keyval's functions. A batch (`setMany`) is atomic, also when a value cannot be cloned, which idb-keyval's own store
 * does not promise: the transaction is aborted when the callback throws.
 * @param durability 'strict' waits for the disk: for what is acknowledged to a person; 'relaxed' for what can be computed again.
 * @throws StorageFullError when the browser's quota is used up.
 */
export function openStore(name: StoreName, durability: 'strict' | 'relaxed' = 'relaxed'): UseStore {
  return async (mode, callback) => {
    const database = await openDatabase();
    const transaction = database.transaction(name, mode, { durability });
    try {
      return await callback(transaction.objectStore(name));
    } catch (error) {
      abortQuietly(transaction);
      throw isQuotaError(error) || isQuotaError(transaction.error)
        ? new StorageFullError(fullSentence)
        : error;
    }
  };
}

const fullSentence =
  'The storage that the browser grants to this page is full. Delete a cohort or a study on the Privacy page, or free disk space, and go on.';

/** How long an upgrade of the database waits for other pages to let go of the older version. */
const blockedPatienceMs = 10_000;

function openDatabase(): Promise<IDBDatabase> {
  opening ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(databaseName, version);
    request.onupgradeneeded = () => {
      for (const name of storeNames) {
        if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name);
      }
    };
    request.onerror = () => {
      opening = undefined;
      reject(request.error ?? new Error('The database could not be opened.'));
    };
    // Other pages close their connection when they hear of the newer version, some after a last transaction: give them time.
    let patience: ReturnType<typeof setTimeout> | undefined;
    request.onblocked = () => {
      patience = setTimeout(() => {
        opening = undefined;
        reject(
          new Error('Another tab holds an older version of the database; close it and reload this page.'),
        );
      }, blockedPatienceMs);
    };
    request.onsuccess = () => {
      clearTimeout(patience);
      const database = request.result;
      const forget = (): void => {
        opening = undefined;
      };
      database.onclose = forget;
      database.onversionchange = () => {
        forget();
        database.close();
      };
      resolve(database);
    };
  });
  return opening;
}

function abortQuietly(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // The transaction has already finished or been aborted, so there is nothing to undo.
  }
}

function isQuotaError(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError';
}
