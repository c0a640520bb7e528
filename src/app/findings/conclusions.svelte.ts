/**
 * The findings of a study as the evaluator computes them, and the files that a person may keep.
 */
import type { EvaluatorApi } from '../../../workers/contract.ts';
import type { StudyFileName } from '../../exports/registry.ts';
import type { Progress } from '../../progress/progress.ts';
import { errorSentence } from '../../errors.ts';
import type { Findings } from '../../study/findings/findings.ts';

/** Findings of one study at a time. */
export class Conclusions {
  readonly #evaluator: EvaluatorApi;
  #findings = $state.raw<Findings | null>(null);
  #progress = $state.raw<Progress | null>(null);
  #problem = $state<string | null>(null);
  #computing = $state(false);
  #key = '';

  constructor(evaluator: EvaluatorApi) {
    this.#evaluator = evaluator;
  }

  get findings(): Findings | null {
    return this.#findings;
  }

  get progress(): Progress | null {
    return this.#progress;
  }

  get problem(): string | null {
    return this.#problem;
  }

  get computing(): boolean {
    return this.#computing;
  }

  /** Computes a study's findings, unless they are here for as many results already. */
  async compute(studyId: string, runsDone: number): Promise<void> {
    const key = `${studyId}/${runsDone}`;
    if (key === this.#key) return;
    this.#key = key;
    this.#findings = null;
    this.#problem = null;
    this.#progress = null;
    this.#computing = true;
    try {
      const findings = await this.#evaluator.findings(studyId, (progress) => {
        if (key === this.#key) this.#progress = progress;
      });
      if (key === this.#key) this.#findings = findings;
    } catch (error) {
      if (key === this.#key) {
        this.#problem = errorSentence(error);
        this.#key = '';
      }
    } finally {
      if (key === this.#key || this.#key === '') this.#computing = false;
    }
  }

  /** Forgets what was computed. */
  clear(): void {
    this.#key = '';
    this.#findings = null;
    this.#problem = null;
    this.#computing = false;
  }

  exportStudy(studyId: string, name: StudyFileName): Promise<Blob> {
    return this.#evaluator.exportStudy(studyId, name);
  }
}
