/**
 * One piece of work at a time has the device, and the person may pause or stop it.
 */
import { InputError } from '../errors.ts';
import type { RunControl } from '../study/control.ts';

/** Hands the device from one piece of work to the next. */
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

  /** Pauses what is at work; nothing when nothing is. */
  pause(): void {
    this.#control?.pause();
  }

  /** Goes on with what was paused. */
  resume(): void {
    this.#control?.resume();
  }

  /** Stops what is at work. */
  stop(): void {
    this.#control?.stop();
  }
}
