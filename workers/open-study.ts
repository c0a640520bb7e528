/**
 * Reads a study's record, with one sentence for all when it is gone.
 */
import { InputError } from '../src/errors.ts';
import type { StudyRecord } from './contract.ts';
import { studyStore } from './stores.ts';

/** The record. @throws InputError when there is none. */
export async function openStudy(id: string): Promise<StudyRecord> {
  const study = await studyStore.get(id);
  if (!study) throw new InputError(`The study ${id} is not on this machine; it may have been deleted.`);
  return study;
}
