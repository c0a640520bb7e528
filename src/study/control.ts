/**
 * Lets a person pause, resume or stop the work. The work checks it between its steps.
 */
import { StoppedError } from '../errors.ts';

/** Pause, resume, stop. */
export class RunControl {
  #state: 'running' | 'paused' | 'stopped' = 'running';
  #wake: (() => void) | undefined;
  #pausedMs = 0;
  readonly #onChange: (state: 'paused' | 'resumed') => void;

  /** @param onChange told when the work really pauses and goes on. */
  constructor(onChange: (state: 'paused' | 'resumed') => void = () => {}) {
    this.#onChange = onChange;
  }

  /** Milliseconds of all pauses that are over. */
  get pausedMs(): number {
    return this.#pausedMs;
  }

  pause(): void {
    if (this.#state === 'running') this.#state = 'paused';
  }

  resume(): void {
    if (this.#state === 'paused') this.#state = 'running';
    this.#wake?.();
  }

  stop(): void {
    this.#state = 'stopped';
    this.#wake?.();
  }

  /** Called by the work between two of its steps: waits while paused. @throws StoppedError when the person stopped it. */
  async turn(): Promise<void> {
    if (this.#state === 'paused') {
      this.#onChange('paused');
      const sinceMs = performance.now();
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#pausedMs += performance.now() - sinceMs;
      this.#wake = undefined;
      if (this.#isStopped()) throw new StoppedError('Stopped; what was finished is kept.');
      this.#onChange('resumed');
    }
    if (this.#isStopped()) throw new StoppedError('Stopped; what was finished is kept.');
  }

  // A method, so that the type checker does not take the state for unchanged over an await.
  #isStopped(): boolean {
    return this.#state === 'stopped';
  }
}
