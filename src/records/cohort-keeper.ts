/**
 * Keeps cohorts in the database: packs first, then rows, the cohort's record last, so that a cohort that can be read is whole.
 */
import { InputError } from '../errors.ts';
import {
  buildCohort,
  type BuildOptions,
  type BuildSink,
  type BuiltCohort,
  type IncomingImages,
} from '../cohort/build.ts';
import type { Cohort } from '../cohort/cohort.ts';
import { cohortOfPackKey, packKey, packPrefix } from '../cohort/packs.ts';
import { whenUnused } from './cohort-lock.ts';
import { cohortStore, imageStore, rowStore } from './stores.ts';
import { forgetStudiesOf } from './study-keeper.ts';

/** What a cohort's record says beyond what the build finds out. */
export type CohortWords = Pick<Cohort, 'name' | 'source' | 'labelNames' | 'labelReadings' | 'splitOrigin'>;

/**
 * Builds and stores a cohort. One import at a time, over all tabs. When anything fails or is stopped, nothing of it stays. A cohort with
 * the same fingerprint is replaced under its old id, so that its studies go on and its films are not stored twice.
 * @param problems those that are known when the build is done.
 * @throws InputError while another import runs; what the build throws; StorageFullError.
 */
export function keepCohort(
  source: IncomingImages,
  options: BuildOptions,
  words: CohortWords,
  sink: Omit<BuildSink, 'writePack'>,
  problems: () => Cohort['problems'],
): Promise<Cohort> {
  return withImportLock(async () => {
    await removeOrphans();
    const id = crypto.randomUUID();
    try {
      const writePack: BuildSink['writePack'] = (pack, pixels) => imageStore.set(packKey(id, pack), pixels);
      const built = await buildCohort(source, options, { ...sink, writePack });
      const cohort = await reuseId(recordOf(id, built, options, words, problems()));
      if (cohort.id !== id) await imageStore.deleteAll(packPrefix(id));
      await rowStore.set(cohort.id, built.rows);
      await cohortStore.set(cohort.id, cohort);
      return cohort;
    } catch (error) {
      await forgetQuietly(id);
      throw error;
    }
  });
}

/**
 * Deletes a cohort with its studies and all that was computed on it, since nothing of them can be read without its rows. The record goes
 * before rows and films, so that no half of a cohort is ever read.
 * @throws InputError while a study of the cohort is running.
 */
export async function forgetCohort(id: string): Promise<void> {
  const cohort = await cohortStore.get(id);
  if (!cohort) return removeParts(id);
  await whenUnused(cohort.fingerprint, async () => {
    await forgetStudiesOf(cohort.fingerprint);
    await cohortStore.delete(id);
    await removeParts(id);
  });
}

async function removeParts(id: string): Promise<void> {
  await rowStore.delete(id);
  await imageStore.deleteAll(packPrefix(id));
}

function recordOf(
  id: string,
  built: BuiltCohort,
  { side, fit }: BuildOptions,
  words: CohortWords,
  problems: Cohort['problems'],
): Cohort {
  return {
    id,
    ...words,
    fingerprint: built.fingerprint,
    side,
    fit,
    rowCount: built.rows.length,
    patientCount: built.patientCount,
    problems: [...problems, ...built.problems],
    createdAt: new Date().toISOString(),
  };
}

/** The record under the id of an equal cohort, if there is one: its packs hold the same bytes. */
async function reuseId(cohort: Cohort): Promise<Cohort> {
  const same = (await cohortStore.values()).find(({ fingerprint }) => fingerprint === cohort.fingerprint);
  return same ? { ...cohort, id: same.id } : cohort;
}

/** Removes what an import left behind whose tab was killed: packs and rows without a cohort. */
async function removeOrphans(): Promise<void> {
  const known = new Set(await cohortStore.keys());
  const packOwners = new Set((await imageStore.keys()).map(cohortOfPackKey));
  for (const id of packOwners) if (!known.has(id)) await imageStore.deleteAll(packPrefix(id));
  for (const id of await rowStore.keys()) if (!known.has(id)) await rowStore.delete(id);
}

/** The error that ended the import is reported, not errors of the clean-up; what stays is removed before the next import. */
async function forgetQuietly(id: string): Promise<void> {
  try {
    await removeParts(id);
  } catch (error) {
    console.warn('An import’s leftovers could not be removed yet:', error);
  }
}

function withImportLock<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks.request('reading-room-import', { ifAvailable: true }, (lock) => {
    if (!lock)
      throw new InputError('Another import is running, here or in another tab; wait for it, or stop it.');
    return work();
  });
}
