/**
 * A store whose records have one type, keyed by text.
 */
import { del, delMany, get, getMany, keys, set, setMany, type UseStore } from 'idb-keyval';
import { openStore, type StoreName } from './database.ts';

/** Typed access to one store of the database. */
export class TypedStore<T> {
  readonly #store: UseStore;
  readonly #upgrade: (kept: T) => T;

  /**
   * @param durability 'strict' for records that are acknowledged to a person.
   * @param upgrade gives a record the shape of this version when an earlier one kept it; records are returned as they are when left out.
   */
  constructor(
    name: StoreName,
    durability: 'strict' | 'relaxed' = 'relaxed',
    upgrade: (kept: T) => T = (kept) => kept,
  ) {
    this.#store = openStore(name, durability);
    this.#upgrade = upgrade;
  }

  /** The record, or undefined. */
  async get(key: string): Promise<T | undefined> {
    return this.#current(await get<T>(key, this.#store));
  }

  /** The records in the order of the keys; undefined where there is none. */
  async getMany(keyList: readonly string[]): Promise<(T | undefined)[]> {
    const records = await getMany<T | undefined>([...keyList], this.#store);
    return records.map((record) => this.#current(record));
  }

  /** Stores one record, replacing what was there. */
  set(key: string, record: T): Promise<void> {
    return set(key, record, this.#store);
  }

  /** Stores all records or none. */
  setMany(entries: readonly (readonly [string, T])[]): Promise<void> {
    return setMany(
      entries.map(([key, record]) => [key, record]),
      this.#store,
    );
  }

  /** All keys that begin with the prefix, sorted. */
  async keys(prefix = ''): Promise<string[]> {
    return (await keys<string>(this.#store)).filter((key) => key.startsWith(prefix)).sort();
  }

  /** All records whose key begins with the prefix, in the order of their keys. */
  async values(prefix = ''): Promise<T[]> {
    return (await this.getMany(await this.keys(prefix))).filter((record) => record !== undefined);
  }

  /** Deletes one record; nothing happens when there is none. */
  delete(key: string): Promise<void> {
    return del(key, this.#store);
  }

  /** Deletes these records, all or none. */
  deleteMany(keyList: readonly string[]): Promise<void> {
    return delMany([...keyList], this.#store);
  }

  /** Deletes all records whose key begins with the prefix. */
  async deleteAll(prefix: string): Promise<void> {
    await this.deleteMany(await this.keys(prefix));
  }

  #current(record: T | undefined): T | undefined {
    return record === undefined ? undefined : this.#upgrade(record);
  }
}
