/**
 * People's own models on the Study page: added through the trainer, which checks them, and shown in the catalogue.
 */
import type { TrainerApi } from '../../../workers/contract.ts';
import { errorSentence } from '../../errors.ts';
import { importedEncoderName, isTextImport } from '../../identity/imported-encoder.ts';
import type { IntensityScaling } from '../../transforms/prepare.ts';
import type { StudyDraft } from './study-draft.svelte.ts';

/** A model that was added. */
export interface AddedModel {
  readonly label: string;
  /** In which of the two lists of encoders it now stands. */
  readonly reads: 'films' | 'reports';
}

/** Adding and deleting, one at a time, and what came of it. */
export class OwnModels {
  readonly #trainer: TrainerApi;
  readonly #draft: StudyDraft;
  #busy = $state(false);
  #problem = $state<string | null>(null);
  #added = $state<AddedModel | null>(null);

  constructor(trainer: TrainerApi, draft: StudyDraft) {
    this.#trainer = trainer;
    this.#draft = draft;
  }

  /** True while a model is checked or deleted. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Why the last model was refused; null when it was not. */
  get problem(): string | null {
    return this.#problem;
  }

  /** The last model that was added. */
  get added(): AddedModel | null {
    return this.#added;
  }

  /** Has a model checked and kept. @returns whether it was. */
  add(name: string, files: readonly File[], scaling: IntensityScaling): Promise<boolean> {
    return this.#attempt(async () => {
      const entry = await this.#trainer.importEncoder(name, files, scaling);
      this.#added = { label: entry.label, reads: isTextImport(entry.name) ? 'reports' : 'films' };
    });
  }

  /** Deletes a model; a draft that uses it goes on without it. */
  remove(id: string): Promise<boolean> {
    return this.#attempt(async () => {
      await this.#trainer.deleteEncoder(id);
      this.#draft.leaveOutEncoder(importedEncoderName(id));
    });
  }

  dismiss(): void {
    this.#problem = null;
  }

  async #attempt(work: () => Promise<void>): Promise<boolean> {
    if (this.#busy) return false;
    this.#busy = true;
    this.#problem = null;
    this.#added = null;
    try {
      await work();
      await this.#draft.reloadCatalogue();
      return true;
    } catch (error) {
      this.#problem = errorSentence(error);
      return false;
    } finally {
      this.#busy = false;
    }
  }
}
