/**
 * A browser profile that is kept after the command, with a note of what was requested. The same command continues there after an
 * interruption, a crash or a power cut. Browsers keep data by origin, so the port is part of the note.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../errors.ts';

const format = 'reading-room-profile';

/** What a profile holds; absent until it is there. */
export interface ProfileNote {
  /** Port of the origin that the data belong to. */
  readonly port?: number;
  /** Where the stored cohort came from, in words that are the same for the same cohort; kept once all of it is stored. */
  readonly cohort?: string;
  /** The study that was started last, in words that are the same for the same study. */
  readonly study?: string;
}

/** A folder with a profile and its note. */
export class KeptProfile {
  readonly folder: string;
  #note: ProfileNote;

  /**
   * Opens a profile, or begins one in a folder that is new or empty.
   * @throws InputError when the folder holds something else: a browser would mix its files with them.
   */
  constructor(path: string) {
    this.folder = resolve(path);
    mkdirSync(this.folder, { recursive: true });
    const isNew = readdirSync(this.folder).length === 0;
    const note = isNew ? {} : readNote(this.#file);
    if (!note)
      throw new InputError(
        `--profile must be a new or empty folder, or one that an earlier study with --profile made; ${this.folder} is neither.`,
      );
    this.#note = note;
    if (isNew) this.keep({});
  }

  get note(): ProfileNote {
    return this.#note;
  }

  /** Adds to the note. It is replaced whole, so that a crash leaves the old one or the new one. */
  keep(more: ProfileNote): void {
    this.#note = { ...this.#note, ...more };
    const next = `${this.#file}.new`;
    writeFileSync(next, `${JSON.stringify({ format, ...this.#note }, null, 2)}\n`);
    renameSync(next, this.#file);
  }

  /** Whether a cohort is stored already. @throws InputError when it is another one: a profile holds one cohort. */
  holdsCohort(cohort: string): boolean {
    if (this.#note.cohort !== undefined && this.#note.cohort !== cohort)
      throw new InputError(
        `The profile ${this.folder} holds another cohort (${this.#note.cohort}; asked for: ${cohort}). Choose another folder for --profile.`,
      );
    return this.#note.cohort !== undefined;
  }

  get #file(): string {
    return join(this.folder, 'reading-room.json');
  }
}

function readNote(file: string): ProfileNote | null {
  if (!existsSync(file)) return null;
  try {
    const { format: found, ...note } = JSON.parse(readFileSync(file, 'utf8')) as ProfileNote & {
      format?: string;
    };
    return found === format ? note : null;
  } catch {
    return null;
  }
}
