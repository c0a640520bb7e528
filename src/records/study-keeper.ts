/**
 * Deletes studies, and with a study everything computed for it that no other study of the cohort needs.
 */
import { whenUnused } from './cohort-lock.ts';
import { importedIdOf } from '../identity/imported-encoder.ts';
import { jobKey, jobKeyPrefix } from './job-key.ts';
import type { StudyDeletion, StudyRecord } from './study-record.ts';
import { contentBytes } from '../storage/inventory.ts';
import type { TypedStore } from '../storage/typed-store.ts';
import { openStudy } from './open-study.ts';
import { bytesOf, jobStores } from './result-keeper.ts';
import {
  featureStore,
  noteStore,
  reportEmbeddingsKey,
  resultStore,
  studyStore,
  weightStore,
} from './stores.ts';

/**
 * Deletes a study with its results, features, weights and checkpoints, unless another study of the cohort needs the same. The study's record
 * goes last, so that a deletion that was cut short can be asked for again.
 * @throws InputError while a study of the cohort is running.
 */
export async function forgetStudy(id: string): Promise<void> {
  const study = await studyStore.get(id);
  if (!study) return;
  const fingerprint = study.cohortFingerprint;
  await whenUnused(fingerprint, async () => {
    const others = await othersOf(study);
    await forgetComputed(fingerprint, new Set(others.flatMap(keysOf)));
    await noteStore.delete(id);
    await studyStore.delete(id);
  });
}

/**
 * What `forgetStudy` would delete now. Records that no study needs any more go with it.
 * @throws InputError when the study is not here.
 */
export async function previewStudyDeletion(id: string): Promise<StudyDeletion> {
  const study = await openStudy(id);
  const others = await othersOf(study);
  const needed = new Set(others.flatMap(keysOf));
  const prefix = jobKeyPrefix(study.cohortFingerprint);
  const going = async (store: Pick<TypedStore<unknown>, 'keys'>): Promise<string[]> =>
    (await store.keys(prefix)).filter((key) => !needed.has(key));
  const [results, features, weights, all] = await Promise.all([
    going(resultStore),
    going(featureStore),
    going(weightStore),
    Promise.all(jobStores.map(going)),
  ]);
  const computed = new Set(await resultStore.keys(prefix));
  const shared = new Set(keysOf(study).filter((key) => computed.has(key) && needed.has(key)));
  return {
    results: results.length,
    features: features.length,
    weights: weights.length,
    sizeBytes:
      (await bytesOf(all.flat())) + contentBytes(study) + contentBytes((await noteStore.get(id)) ?? ''),
    resultsKept: shared.size,
    keptBy: others
      .filter((other) => keysOf(other).some((key) => shared.has(key)))
      .map(({ config }) => config.name),
  };
}

/** The other studies of the same cohort. */
async function othersOf({ id, cohortFingerprint }: StudyRecord): Promise<StudyRecord[]> {
  return (await studyStore.values()).filter(
    (other) => other.id !== id && other.cohortFingerprint === cohortFingerprint,
  );
}

/** The keys of all that a study computes. */
function keysOf({ plan, config, cohortFingerprint }: StudyRecord): string[] {
  const ownText = importedIdOf(config.textEncoder.name);
  return [
    ...plan.map((job) => jobKey(cohortFingerprint, job.id)),
    ...(ownText === null ? [] : [reportEmbeddingsKey(cohortFingerprint, ownText)]),
  ];
}

/** Deletes all studies of a cohort with all that was computed for them. The caller makes sure that none of them is running. */
export async function forgetStudiesOf(fingerprint: string): Promise<void> {
  await forgetComputed(fingerprint, new Set());
  for (const study of await studyStore.values()) {
    if (study.cohortFingerprint !== fingerprint) continue;
    await noteStore.delete(study.id);
    await studyStore.delete(study.id);
  }
}

async function forgetComputed(fingerprint: string, needed: ReadonlySet<string>): Promise<void> {
  for (const store of jobStores) {
    const keys = await store.keys(jobKeyPrefix(fingerprint));
    await store.deleteMany(keys.filter((key) => !needed.has(key)));
  }
}
