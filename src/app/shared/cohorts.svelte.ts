/**
 * The cohorts on this machine, the one worked on, and its rows.
 */
import type { ImporterApi } from '../../../workers/contract.ts';
import type { Cohort, CohortRow } from '../../cohort/cohort.ts';
import { FilmCache } from './film-cache.ts';
import type { Settings } from './settings.svelte.ts';

/** Lists, chooses and deletes cohorts. */
export class Cohorts {
  readonly #importer: ImporterApi;
  readonly #settings: Settings;
  readonly films: FilmCache;
  #list = $state.raw<readonly Cohort[]>([]);
  #current = $state.raw<Cohort | null>(null);
  #rows = $state.raw<readonly CohortRow[]>([]);

  constructor(importer: ImporterApi, settings: Settings) {
    this.#importer = importer;
    this.#settings = settings;
    this.films = new FilmCache(importer);
  }

  /** All cohorts, the newest first. */
  get list(): readonly Cohort[] {
    return this.#list;
  }

  get current(): Cohort | null {
    return this.#current;
  }

  /** Rows of the current cohort. */
  get rows(): readonly CohortRow[] {
    return this.#rows;
  }

  /** Rows of any cohort of this machine; none of one that is gone. */
  async rowsOf(id: string): Promise<readonly CohortRow[]> {
    return id === this.#current?.id ? this.#rows : this.#importer.rows(id);
  }

  /** Reads the list; keeps the current cohort, or takes the one used last. */
  async refresh(): Promise<void> {
    const list = await this.#importer.cohorts();
    this.#list = [...list].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
    const wanted = this.#current?.id ?? (await this.#settings.recall('cohort'));
    const next = this.#list.find((cohort) => cohort.id === wanted) ?? this.#list[0] ?? null;
    if (next?.id !== this.#current?.id) await this.#show(next);
  }

  async choose(id: string): Promise<void> {
    await this.#show(this.#list.find((cohort) => cohort.id === id) ?? null);
    await this.#settings.keep('cohort', id);
  }

  /** Takes a cohort that was just stored as the current one. */
  async adopt(cohort: Cohort): Promise<void> {
    await this.refresh();
    await this.choose(cohort.id);
  }

  async remove(id: string): Promise<void> {
    await this.#importer.deleteCohort(id);
    if (this.#current?.id === id) await this.#show(null);
    await this.refresh();
  }

  async #show(cohort: Cohort | null): Promise<void> {
    const rows = cohort ? await this.#importer.rows(cohort.id) : [];
    this.#rows = rows;
    this.#current = cohort;
  }
}
