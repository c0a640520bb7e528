/**
 * Keeps a cohort, and what was computed on it, from being deleted under a running study, over all tabs, by Web Locks. A worker releases its
 * locks when it ends, however it ends.
 */
import { InputError } from '../errors.ts';

function lockName(fingerprint: string): string {
  return `reading-room-cohort/${fingerprint}`;
}

/** Does work that reads a cohort's records or adds to them. Any number at a time. */
export function whileInUse<T>(fingerprint: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(lockName(fingerprint), { mode: 'shared' }, work);
}

/** Does work that deletes records of a cohort. @throws InputError while the cohort is in use. */
export function whenUnused<T>(fingerprint: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(lockName(fingerprint), { ifAvailable: true }, (lock) => {
    if (!lock) {
      throw new InputError(
        'A study of this cohort is running, here or in another tab. Stop it first, then delete.',
      );
    }
    return work();
  });
}
