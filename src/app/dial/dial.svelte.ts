/**
 * State of the lesson's dial: its position, the guess, and the results computed at each position.
 */
import type { DialApi } from '../../../workers/contract.ts';
import type { Progress } from '../../progress/progress.ts';
import { errorSentence } from '../../errors.ts';
import type { DialResult, DialVerdict } from '../../study/dial/result.ts';
import {
  defaultDialSettings,
  dialPositions,
  dialRanges,
  type DialSettings,
  type DialSizes,
} from '../../study/dial/settings.ts';

/** Turns the dial and runs its positions, one at a time. */
export class Dial {
  readonly #api: DialApi;
  #settings = $state.raw<DialSettings>(defaultDialSettings);
  #guess = $state<DialVerdict | null>(null);
  /** Results by n, visibility, seed and position. */
  #results = $state.raw<Readonly<Record<string, DialResult>>>({});
  #running = $state.raw<DialSettings | null>(null);
  #progress = $state.raw<Progress | null>(null);
  #problem = $state<string | null>(null);
  #stopped = false;

  constructor(api: DialApi) {
    this.#api = api;
  }

  get settings(): DialSettings {
    return this.#settings;
  }

  get guess(): DialVerdict | null {
    return this.#guess;
  }

  /** The settings that are being run; null when nothing is. */
  get running(): DialSettings | null {
    return this.#running;
  }

  get progress(): Progress | null {
    return this.#progress;
  }

  get problem(): string | null {
    return this.#problem;
  }

  /** The result at the dial's position; null when it was not run there. */
  get result(): DialResult | null {
    return this.#results[keyOf(this.#settings)] ?? null;
  }

  /** Results of every position with the present n, visibility and seed, in the dial's order. */
  get row(): readonly DialResult[] {
    return dialPositions.flatMap((_, position) => {
      return this.#results[keyOf({ ...this.#settings, position })] ?? [];
    });
  }

  /** Changes the settings and clears the guess, which was for the earlier settings. */
  turn(change: Partial<DialSettings>): void {
    const next = { ...this.#settings, ...change };
    if (keyOf(next) === keyOf(this.#settings) || !isWithin(next)) return;
    this.#settings = next;
    this.#guess = null;
  }

  say(guess: DialVerdict): void {
    this.#guess = guess;
  }

  /** Runs the present position. */
  async run(sizes: DialSizes): Promise<void> {
    await this.#runAll([this.#settings], sizes);
  }

  /** Runs every position that has no result yet with the present n, visibility and seed. */
  async runRow(sizes: DialSizes): Promise<void> {
    const settings = this.#settings;
    await this.#runAll(
      dialPositions.map((_, position) => ({ ...settings, position })),
      sizes,
    );
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#api.stop();
  }

  async #runAll(wanted: readonly DialSettings[], sizes: DialSizes): Promise<void> {
    if (this.#running) return;
    this.#problem = null;
    this.#stopped = false;
    try {
      for (const settings of wanted) {
        if (this.#stopped) break;
        if (!this.#results[keyOf(settings)]) await this.#runOne(settings, sizes);
      }
    } catch (error) {
      this.#problem = errorSentence(error);
    } finally {
      this.#running = null;
      this.#progress = null;
    }
  }

  async #runOne(settings: DialSettings, sizes: DialSizes): Promise<void> {
    this.#running = settings;
    this.#progress = null;
    const result = await this.#api.run(settings, sizes, (progress) => {
      if (this.#running === settings) this.#progress = progress;
    });
    if (result) this.#results = { ...this.#results, [keyOf(settings)]: result };
  }
}

function keyOf({ position, trainingSize, visibility, seed }: DialSettings): string {
  return [position, trainingSize, visibility, seed].join();
}

function isWithin(settings: DialSettings): boolean {
  return (Object.keys(dialRanges) as (keyof DialSettings)[]).every((name) => {
    const { low, high } = dialRanges[name];
    return settings[name] >= low && settings[name] <= high;
  });
}
