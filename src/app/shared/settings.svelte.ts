/**
 * Settings of the page, kept in the database's settings store: the theme and the cohort and study worked on last.
 */
import { TypedStore } from '../../storage/typed-store.ts';
import type { Ground } from '../../figures/inks.ts';

/** What a person may choose; `system` follows the operating system. */
export type ThemeChoice = 'system' | 'light' | 'dark';

const themeChoices: readonly ThemeChoice[] = ['system', 'light', 'dark'];

/** Settings with their storage. */
export class Settings {
  readonly #store = new TypedStore<string>('settings');
  readonly #darkQuery = matchMedia('(prefers-color-scheme: dark)');
  #theme = $state<ThemeChoice>('system');
  #chosen = false;
  #systemDark = $state(this.#darkQuery.matches);

  constructor() {
    this.#darkQuery.addEventListener('change', (event) => {
      this.#systemDark = event.matches;
    });
  }

  /** The choice. */
  get theme(): ThemeChoice {
    return this.#theme;
  }

  /** The ground that the choice means now. */
  get ground(): Ground {
    if (this.#theme !== 'system') return this.#theme;
    return this.#systemDark ? 'dark' : 'light';
  }

  /** Reads what was kept. */
  async load(): Promise<void> {
    const kept = await this.#store.get('theme');
    // A choice made while the stored one is being read takes precedence.
    if (this.#chosen) return;
    this.#theme = themeChoices.find((choice) => choice === kept) ?? 'system';
  }

  async chooseTheme(theme: ThemeChoice): Promise<void> {
    this.#chosen = true;
    this.#theme = theme;
    await this.#store.set('theme', theme);
  }

  /** A kept value by name, or undefined. */
  recall(name: 'cohort' | 'study'): Promise<string | undefined> {
    return this.#store.get(name);
  }

  /** Keeps a value by name. */
  keep(name: 'cohort' | 'study', value: string): Promise<void> {
    return this.#store.set(name, value);
  }
}
