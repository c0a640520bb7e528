/**
 * Films by row from packs of many films to a record, with the last packs kept in memory.
 */

/** How the films of a cohort lie in their packs. */
export interface FilmLayout {
  /** Bytes of one film. */
  readonly filmBytes: number;
  readonly filmsPerPack: number;
}

/** The key of a pack: `${prefix}/${number, six digits}`, so that keys sort as numbers do. */
export function packKey(prefix: string, pack: number): string {
  return `${prefix}/${String(pack).padStart(6, '0')}`;
}

/** Reads films by row; safe to call again before the first call is answered. */
export class FilmReader {
  readonly #layout: FilmLayout;
  readonly #loadPack: (pack: number) => Promise<Uint8Array | undefined>;
  readonly #packs = new Map<number, Promise<Uint8Array>>();
  readonly #maxPacks: number;

  /**
   * @param loadPack gives a pack by number, or undefined when it is not there.
   * @param memoryBytes films kept in memory at most.
   */
  constructor(
    layout: FilmLayout,
    loadPack: (pack: number) => Promise<Uint8Array | undefined>,
    memoryBytes = 2 ** 30,
  ) {
    this.#layout = layout;
    this.#loadPack = loadPack;
    this.#maxPacks = Math.max(2, Math.floor(memoryBytes / (layout.filmBytes * layout.filmsPerPack)));
  }

  /** The films of these rows, one after the other. @throws Error when a film is not in the database. */
  async read(rows: readonly number[]): Promise<Uint8Array> {
    const { filmBytes, filmsPerPack } = this.#layout;
    const result = new Uint8Array(rows.length * filmBytes);
    await Promise.all(
      rows.map(async (row, i) => {
        const pack = await this.#pack(Math.floor(row / filmsPerPack));
        const start = (row % filmsPerPack) * filmBytes;
        if (start + filmBytes > pack.length)
          throw new Error(`Film ${row} is not in the database; import the cohort again.`);
        result.set(pack.subarray(start, start + filmBytes), i * filmBytes);
      }),
    );
    return result;
  }

  #pack(number: number): Promise<Uint8Array> {
    const kept = this.#packs.get(number);
    const loading = kept ?? this.#load(number);
    // Deleting first makes the map an order of last use.
    this.#packs.delete(number);
    this.#packs.set(number, loading);
    const oldest = this.#packs.keys().next().value;
    if (this.#packs.size > this.#maxPacks && oldest !== undefined) this.#packs.delete(oldest);
    return loading;
  }

  async #load(number: number): Promise<Uint8Array> {
    const pack = await this.#loadPack(number);
    if (!pack)
      throw new Error(`A pack of films (number ${number}) is not in the database; import the cohort again.`);
    return pack;
  }
}
