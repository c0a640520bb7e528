/**
 * Only one piece of work uses the device at a time, and the person may pause or stop it.
 */
import { InputError } from '../errors.ts';
import type { RunControl } from '../study/control.ts';

/** Lets one piece of work use the device at a time. */
export class OneAtATime {
  #control: RunControl | undefined;

  /** Does the work under its control. @throws InputError while other work has the device. */
  async alone<T>(control: RunControl, work: (control: RunControl) => Promise<T>): Promise<T> {
    if (this.#control)
      throw new InputError(
        'A study is running already, or being measured, or a model is being checked; wait for its end, or stop it first.',
      );
    this.#control = control;
    try {
      return await work(control);
    } finally {
      this.#control = undefined;
    }
  }

  /** Pauses the current work; does nothing when there is none. */
  pause(): void {
    this.#control?.pause();
  }

  /** Resumes the paused work. */
  resume(): void {
    this.#control?.resume();
  }

  /** Stops the current work. */
  stop(): void {
    this.#control?.stop();
  }
}
