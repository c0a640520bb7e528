/**
 * People's own models on the Study page: added through the trainer, which checks them, and shown in the catalogue.
 */
import type { TrainerApi } from '../../../workers/contract.ts';
import { errorSentence } from '../../errors.ts';
import { importedEncoderName, isTextImport } from '../../identity/imported-encoder.ts';
import type { ImportAnswers, ImportQuestion } from '../../models/imported/import-question.ts';
import type { IntensityScaling } from '../../transforms/prepare.ts';
import type { StudyDraft } from './study-draft.svelte.ts';

/** A model that was added. */
export interface AddedModel {
  readonly label: string;
  /** In which of the two lists of encoders it now stands. */
  readonly reads: 'films' | 'reports';
  /** Tensors of its file that are not used, in words; "" for none. */
  readonly leftOut: string;
}

/** A model that is about to be added. */
interface Attempt {
  readonly name: string;
  readonly files: readonly File[];
  readonly scaling: IntensityScaling | null;
  readonly answers: ImportAnswers;
}

/** Adds and deletes models, one at a time, and holds the outcome. */
export class OwnModels {
  readonly #trainer: TrainerApi;
  readonly #draft: StudyDraft;
  #busy = $state(false);
  #problem = $state<string | null>(null);
  #added = $state<AddedModel | null>(null);
  #question = $state.raw<ImportQuestion | null>(null);
  #waiting: Attempt | null = null;

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

  /** What must be answered before the model is kept; null when nothing is open. */
  get question(): ImportQuestion | null {
    return this.#question;
  }

  /**
   * Has a model checked and kept, or gets a question about it.
   * @param scaling of its films; null to have it told by the files or asked for. @returns whether it was kept.
   */
  add(name: string, files: readonly File[], scaling: IntensityScaling | null): Promise<boolean> {
    return this.#try({ name, files, scaling, answers: {} });
  }

  /** Answers the open question and goes on. @returns whether the model was kept. */
  async answer(value: string): Promise<boolean> {
    const [waiting, question] = [this.#waiting, this.#question];
    if (!waiting || !question) return false;
    return this.#try({ ...waiting, answers: { ...waiting.answers, [question.topic]: value } });
  }

  /** Leaves the open question, and the model with it. */
  leaveQuestion(): void {
    this.#question = null;
    this.#waiting = null;
  }

  async #try(attempt: Attempt): Promise<boolean> {
    const { name, files, scaling, answers } = attempt;
    await this.#attempt(async () => {
      const reply = await this.#trainer.importEncoder(name, files, scaling, answers);
      if (reply.kind === 'question') {
        this.#question = reply.question;
        this.#waiting = attempt;
        return;
      }
      const { entry, leftOut } = reply;
      this.#added = { label: entry.label, reads: isTextImport(entry.name) ? 'reports' : 'films', leftOut };
      await this.#draft.reloadCatalogue();
    });
    return this.#added !== null;
  }

  /** Deletes a model; a draft that uses it goes on without it. */
  remove(id: string): Promise<boolean> {
    return this.#attempt(async () => {
      await this.#trainer.deleteEncoder(id);
      this.#draft.leaveOutEncoder(importedEncoderName(id));
      await this.#draft.reloadCatalogue();
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
    this.leaveQuestion();
    try {
      await work();
      return true;
    } catch (error) {
      this.#problem = errorSentence(error);
      return false;
    } finally {
      this.#busy = false;
    }
  }
}
