/**
 * What is stored here, how to wipe it, and the check that nothing leaves the machine.
 */
import { errorSentence } from '../../errors.ts';
import { securityHeaders } from '../../security/headers.ts';
import type { StoreName } from '../../storage/database.ts';
import { inventory, wipe, type InventoryLine } from '../../storage/inventory.ts';
import { askToPersist, isPersistent } from '../../storage/persistence.ts';
import {
  checkConnections,
  readHeaders,
  type ConnectionAttempt,
  type HeaderLine,
} from './connection-check.ts';

/** Inventory, wiping and checks of the privacy page. */
export class Privacy {
  readonly #afterWipe: () => Promise<void>;
  #lines = $state.raw<readonly InventoryLine[] | null>(null);
  #attempts = $state.raw<readonly ConnectionAttempt[] | null>(null);
  #headers = $state.raw<readonly HeaderLine[] | null>(null);
  #persistent = $state<boolean | null>(null);
  #checking = $state(false);
  #problem = $state<string | null>(null);
  #wipeReport = $state<string | null>(null);

  /** @param afterWipe reads again what the page shows of the stores. */
  constructor(afterWipe: () => Promise<void>) {
    this.#afterWipe = afterWipe;
  }

  /** Null until it was counted. */
  get lines(): readonly InventoryLine[] | null {
    return this.#lines;
  }

  /** Whether the browser has agreed not to clear the storage by itself; null until the answer is there. */
  get persistent(): boolean | null {
    return this.#persistent;
  }

  get attempts(): readonly ConnectionAttempt[] | null {
    return this.#attempts;
  }

  get headers(): readonly HeaderLine[] | null {
    return this.#headers;
  }

  get checking(): boolean {
    return this.#checking;
  }

  get problem(): string | null {
    return this.#problem;
  }

  /** What the scan after the last wipe found. */
  get wipeReport(): string | null {
    return this.#wipeReport;
  }

  async scan(): Promise<void> {
    await this.#attempt(async () => {
      this.#persistent = await isPersistent();
      this.#lines = await inventory();
    });
  }

  /** Asks the browser to keep the storage. */
  async persist(): Promise<void> {
    await this.#attempt(async () => {
      this.#persistent = await askToPersist();
    });
  }

  /** Deletes a store's records, or all, and counts again what is left. */
  async wipe(store?: StoreName): Promise<void> {
    await this.#attempt(async () => {
      await wipe(store);
      await this.#afterWipe();
      this.#lines = await inventory();
      const wiped = this.#lines.filter((line) => store === undefined || line.store === store);
      const left = wiped.reduce((sum, line) => sum + line.records, 0);
      const what = store ?? 'all stores';
      this.#wipeReport =
        left === 0
          ? `Wiped ${what}; a new scan found 0 records.`
          : `Wiped ${what}, but a new scan found ${left} records: another tab may be writing. Close it and wipe again.`;
    });
  }

  async check(): Promise<void> {
    this.#checking = true;
    await this.#attempt(async () => {
      this.#headers = await readHeaders(securityHeaders);
      this.#attempts = await checkConnections();
    });
    this.#checking = false;
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.#problem = null;
    try {
      await work();
    } catch (error) {
      this.#problem = errorSentence(error);
    }
  }
}
