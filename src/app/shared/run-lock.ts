/**
 * One study at a time over all tabs, by a Web Lock, which also keeps the browser from freezing a hidden tab that trains.
 */
import { InputError } from '../../errors.ts';

const lockName = 'reading-room-run';

/** Does the work while holding the lock. @throws InputError when another tab holds it. */
export function withRunLock<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(lockName, { ifAvailable: true }, (lock) => {
    if (!lock) {
      throw new InputError(
        'Another tab of this browser runs a study. Wait for it or stop it there, then start again.',
      );
    }
    return work();
  });
}
