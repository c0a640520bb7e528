/**
 * What the lab is doing, in one word for drivers and one line for people.
 */
import type { Progress } from '../../progress/progress.ts';
import { errorSentence } from '../../errors.ts';
import { formatRemaining } from './format.ts';
import { formatCount } from '../../figures/number-words.ts';

/** The lab's phase, also on `document.body.dataset.phase`. */
export type Phase =
  'idle' | 'importing' | 'imported' | 'planning' | 'running' | 'paused' | 'stopped' | 'failed' | 'finished';

/** Phases in which work goes on. */
export const busyPhases: readonly Phase[] = ['importing', 'planning', 'running', 'paused'];

/** Phase, line and progress. */
export class Status {
  #phase = $state<Phase>('idle');
  #line = $state('Ready. Nothing leaves this machine.');
  #progress = $state.raw<Progress | null>(null);
  #problem = $state<string | null>(null);

  get phase(): Phase {
    return this.#phase;
  }

  get busy(): boolean {
    return busyPhases.includes(this.#phase);
  }

  get line(): string {
    return this.#line;
  }

  /** The work in progress; null when nothing runs. */
  get progress(): Progress | null {
    return this.#progress;
  }

  /** The last error's sentence, until it is dismissed. */
  get problem(): string | null {
    return this.#problem;
  }

  enter(phase: Phase, line: string): void {
    this.#phase = phase;
    this.#line = line;
    if (!busyPhases.includes(phase)) this.#progress = null;
  }

  say(line: string): void {
    this.#line = line;
  }

  report(progress: Progress): void {
    this.#progress = progress;
    this.#line = progressLine(progress);
  }

  /** Enters `failed` and shows the error's sentence. */
  fail(error: unknown): void {
    const sentence = errorSentence(error);
    this.#problem = sentence;
    this.enter('failed', sentence);
  }

  /** Shows an error's sentence without leaving the phase. */
  warn(error: unknown): void {
    this.#problem = errorSentence(error);
  }

  dismiss(): void {
    this.#problem = null;
  }
}

/** One line for a progress: "Training: 12 of 96 done, about 3 min – 4 min left"; "Listing files: 1 200 so far" where the end is not known. */
export function progressLine(progress: Progress): string {
  const phase = progress.phase.charAt(0).toUpperCase() + progress.phase.slice(1);
  if (progress.total <= 0)
    return progress.done > 0 ? `${phase}: ${formatCount(progress.done)} so far` : phase;
  return `${phase}: ${formatCount(progress.done)} of ${formatCount(progress.total)} done, ${formatRemaining(progress.remainingMs)}`;
}
