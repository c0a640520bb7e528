/**
 * Reads the cohorts that are kept, for the screen.
 */
import type { Cohort, CohortRow } from '../cohort/cohort.ts';
import { gatherImages, packKey } from '../cohort/packs.ts';
import { InputError } from '../errors.ts';
import type { ImageBatch } from './image-batch.ts';
import { cohortStore, imageStore, rowStore } from './stores.ts';

/** All cohorts, the newest first. */
export async function storedCohorts(): Promise<readonly Cohort[]> {
  const all = await cohortStore.values();
  return all.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}

/** The rows of a cohort. @throws InputError when it is not stored here. */
export async function storedRows(cohortId: string): Promise<readonly CohortRow[]> {
  await cohortWith(cohortId);
  return (await rowStore.get(cohortId)) ?? [];
}

/** Images of a cohort by row index, as they are stored. @throws InputError when the cohort is not stored here. */
export async function storedImages(cohortId: string, indices: readonly number[]): Promise<ImageBatch> {
  const { side } = await cohortWith(cohortId);
  const pixels = await gatherImages(indices, side, (pack) => imageStore.get(packKey(cohortId, pack)));
  return { side, pixels };
}

async function cohortWith(id: string): Promise<Cohort> {
  const cohort = await cohortStore.get(id);
  if (!cohort) throw new InputError('This cohort is no longer stored here; import it again.');
  return cohort;
}
