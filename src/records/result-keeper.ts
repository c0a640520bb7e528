/**
 * Deletes single results together with all results that depend on them.
 */
import { InputError } from '../errors.ts';
import { contentBytes } from '../storage/inventory.ts';
import type { TypedStore } from '../storage/typed-store.ts';
import { dependentsOf } from '../study/dependents.ts';
import { whenUnused } from './cohort-lock.ts';
import { jobKey, jobKeyPrefix } from './job-key.ts';
import type { ResultDeletion } from './study-record.ts';
import { openStudy } from './open-study.ts';
import { checkpointStore, featureStore, resultStore, studyStore, weightStore } from './stores.ts';

/**
 * What is kept of jobs, by `jobKey`, in the order of deletion: results before features and weights. A job without a result is computed
 * again, but a result without its features or weights would count as finished.
 */
export const jobStores: readonly TypedStore<unknown>[] = [
  checkpointStore,
  resultStore,
  featureStore,
  weightStore,
] as readonly TypedStore<unknown>[];

/** See `TrainerApi.previewResultDeletion`. */
export async function previewResultDeletion(studyId: string, jobId: string): Promise<ResultDeletion> {
  const { fingerprint, touched, otherStudies } = await touchedBy(studyId, jobId);
  const known = new Set(await resultStore.keys(jobKeyPrefix(fingerprint)));
  const hasResult = (id: string): boolean => known.has(jobKey(fingerprint, id));
  return {
    jobs: touched.filter(hasResult),
    sizeBytes: await bytesOf(touched.map((id) => jobKey(fingerprint, id))),
    otherStudies: otherStudies.filter(({ ids }) => ids.some(hasResult)).map(({ name }) => name),
  };
}

/**
 * Deletes a job's result, features, weights and checkpoint, and those of all jobs that depend on it, in every study of the cohort.
 * @throws InputError while a study of the cohort is running.
 */
export async function forgetResult(studyId: string, jobId: string): Promise<void> {
  const { cohortFingerprint } = await openStudy(studyId);
  await whenUnused(cohortFingerprint, async () => {
    const { fingerprint, touched } = await touchedBy(studyId, jobId);
    const keys = touched.map((id) => jobKey(fingerprint, id));
    for (const store of jobStores) await store.deleteMany(keys);
  });
}

/** Bytes that all stores hold under these keys, read a few records at a time. */
export async function bytesOf(keys: readonly string[]): Promise<number> {
  const wanted = new Set(keys);
  let sizeBytes = 0;
  for (const store of jobStores) {
    const present = (await store.keys()).filter((key) => wanted.has(key));
    for (let start = 0; start < present.length; start += 50)
      for (const record of await store.getMany(present.slice(start, start + 50)))
        sizeBytes += contentBytes(record ?? '');
  }
  return sizeBytes;
}

interface Touched {
  readonly fingerprint: string;
  /** The job and all jobs that depend on it, in any study of the cohort; each once. */
  readonly touched: readonly string[];
  readonly otherStudies: readonly { readonly name: string; readonly ids: readonly string[] }[];
}

/** A study's plan contains everything that its jobs need, so dependencies never span two plans. */
async function touchedBy(studyId: string, jobId: string): Promise<Touched> {
  const study = await openStudy(studyId);
  if (!study.plan.some(({ id }) => id === jobId))
    throw new InputError(`The study "${study.config.name}" has no run ${jobId.slice(0, 10)}.`);
  const others = (await studyStore.values()).filter(
    ({ id, cohortFingerprint }) => id !== studyId && cohortFingerprint === study.cohortFingerprint,
  );
  const otherStudies = others
    .filter(({ plan }) => plan.some(({ id }) => id === jobId))
    .map(({ plan, config }) => ({ name: config.name, ids: [jobId, ...dependentsOf(plan, jobId)] }));
  const own = [jobId, ...dependentsOf(study.plan, jobId)];
  return {
    fingerprint: study.cohortFingerprint,
    touched: [...new Set([...own, ...otherStudies.flatMap(({ ids }) => ids)])],
    otherStudies,
  };
}
