/**
 * Films for the screen: requests of one moment become one call to the importer, and the films seen last are kept.
 */
import type { ImporterApi } from '../../../workers/contract.ts';

/** A square film, side × side grey bytes. */
export interface FilmPixels {
  readonly side: number;
  readonly pixels: Uint8Array;
}

/** Keeps films of one cohort at a time. */
export class FilmCache {
  readonly #importer: Pick<ImporterApi, 'films'>;
  readonly #capacity: number;
  readonly #films = new Map<number, Promise<FilmPixels>>();
  readonly #asked = new Map<
    number,
    { resolve: (film: FilmPixels) => void; reject: (error: unknown) => void }
  >();
  #cohortId = '';

  /** @param capacity films kept at most. */
  constructor(importer: Pick<ImporterApi, 'films'>, capacity = 500) {
    this.#importer = importer;
    this.#capacity = capacity;
  }

  /** The film of a row. */
  film(cohortId: string, index: number): Promise<FilmPixels> {
    if (cohortId !== this.#cohortId) {
      this.#films.clear();
      this.#cohortId = cohortId;
    }
    const known = this.#films.get(index);
    if (known) {
      // Set again: a Map keeps the order of insertion, so the film asked for longest ago is the first to go.
      this.#films.delete(index);
      this.#films.set(index, known);
      return known;
    }
    return this.#ask(index);
  }

  #ask(index: number): Promise<FilmPixels> {
    const film = new Promise<FilmPixels>((resolve, reject) => {
      if (this.#asked.size === 0) setTimeout(() => void this.#fetch(), 0);
      this.#asked.set(index, { resolve, reject });
    });
    film.catch(() => this.#films.delete(index));
    this.#films.set(index, film);
    const oldest = this.#films.keys().next().value;
    if (this.#films.size > this.#capacity && oldest !== undefined) this.#films.delete(oldest);
    return film;
  }

  async #fetch(): Promise<void> {
    const asked = [...this.#asked];
    this.#asked.clear();
    try {
      const { side, pixels } = await this.#importer.films(
        this.#cohortId,
        asked.map(([index]) => index),
      );
      asked.forEach(([, waiting], position) =>
        waiting.resolve({
          side,
          pixels: pixels.subarray(position * side * side, (position + 1) * side * side),
        }),
      );
    } catch (error) {
      for (const [, waiting] of asked) waiting.reject(error);
    }
  }
}
