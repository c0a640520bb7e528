/**
 * The database key of a job's records.
 */
import type { Cohort } from '../cohort/cohort.ts';

/** The key of a job's records. */
export function jobKey(cohort: Cohort, id: string): string {
  return `${cohort.fingerprint}/${id}`;
}
