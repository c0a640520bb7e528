/**
 * What is stored on this machine, how much, and how to wipe it: the numbers of the privacy page.
 */
import { clear, entries } from 'idb-keyval';
import { openStore, storeDescriptions, storeNames, type StoreName } from './database.ts';

/** One line of the inventory. */
export interface InventoryLine {
  readonly store: StoreName;
  readonly description: string;
  readonly records: number;
  /** Size of the records' content; what the browser adds for itself is not counted. */
  readonly sizeBytes: number;
}

/** Counts every record of every store. */
export async function inventory(): Promise<InventoryLine[]> {
  const lines: InventoryLine[] = [];
  for (const store of storeNames) {
    const records = await entries<string, unknown>(openStore(store));
    lines.push({
      store,
      description: storeDescriptions[store],
      records: records.length,
      sizeBytes: records.reduce((sum, [, record]) => sum + contentBytes(record), 0),
    });
  }
  return lines;
}

/** Deletes every record of every store, or of one. */
export async function wipe(store?: StoreName): Promise<void> {
  for (const name of store ? [store] : storeNames) await clear(openStore(name, 'strict'));
}

/** Bytes that a value holds: binary parts as they are, text as UTF-16, numbers as 8 bytes. */
export function contentBytes(value: unknown): number {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value.byteLength;
  if (value instanceof Blob) return value.size;
  if (typeof value === 'string') return 2 * value.length;
  if (typeof value === 'number') return 8;
  if (value === null || typeof value !== 'object') return 1;
  return Object.entries(value).reduce((sum, [key, member]) => sum + 2 * key.length + contentBytes(member), 0);
}
