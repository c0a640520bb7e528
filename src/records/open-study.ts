/**
 * Reads a study's record, with one sentence for all when it is gone.
 */
import { InputError } from '../errors.ts';
import { jobKey } from './job-key.ts';
import type { StudyRecord } from './study-record.ts';
import type { JobResult } from '../study/job.ts';
import { resultStore, studyStore } from './stores.ts';

/** The record. @throws InputError when there is none. */
export async function openStudy(id: string): Promise<StudyRecord> {
  const study = await studyStore.get(id);
  if (!study) throw new InputError(`The study ${id} is not on this machine; it may have been deleted.`);
  return study;
}

/** The results of a study that are stored, in the order of its plan. @throws InputError when there is no such study. */
export async function storedResults(studyId: string): Promise<readonly JobResult[]> {
  return resultsOf(await openStudy(studyId));
}

/** The results of a study that are stored, in the order of its plan. */
export async function resultsOf({ plan, cohortFingerprint }: StudyRecord): Promise<readonly JobResult[]> {
  const results = await resultStore.getMany(plan.map(({ id }) => jobKey(cohortFingerprint, id)));
  return results.filter((result) => result !== undefined);
}
