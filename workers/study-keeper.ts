/**
 * Forgets studies, and with a study what was computed for it and serves no other study of the same cohort.
 */
import { whenUnused } from './cohort-lock.ts';
import { importedIdOf } from '../src/identity/imported-encoder.ts';
import type { StudyRecord } from './contract.ts';
import {
  checkpointStore,
  featureStore,
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
    const others = (await studyStore.values()).filter(
      (other) => other.id !== id && other.cohortFingerprint === fingerprint,
    );
    await forgetComputed(fingerprint, new Set(others.flatMap(keysOf)));
    await studyStore.delete(id);
  });
}

/** The keys of all that a study computes. */
function keysOf({ plan, config, cohortFingerprint }: StudyRecord): string[] {
  const ownText = importedIdOf(config.textEncoder.name);
  return [
    ...plan.map((job) => `${cohortFingerprint}/${job.id}`),
    ...(ownText === null ? [] : [reportEmbeddingsKey(cohortFingerprint, ownText)]),
  ];
}

/** Deletes all studies of a cohort with all that was computed for them. The caller makes sure that none of them is running. */
export async function forgetStudiesOf(fingerprint: string): Promise<void> {
  await forgetComputed(fingerprint, new Set());
  for (const study of await studyStore.values()) {
    if (study.cohortFingerprint === fingerprint) await studyStore.delete(study.id);
  }
}

/** Results before features and weights: what has no result is computed again, but a result must not stand for what is gone. */
async function forgetComputed(fingerprint: string, needed: ReadonlySet<string>): Promise<void> {
  for (const store of [checkpointStore, resultStore, featureStore, weightStore]) {
    const keys = await store.keys(`${fingerprint}/`);
    await store.deleteMany(keys.filter((key) => !needed.has(key)));
  }
}
