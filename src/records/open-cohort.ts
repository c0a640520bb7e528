/**
 * Opens a cohort from the stores for training: its rows, and its films behind a cache of packs.
 */
import { imagesPerPack, type Cohort, type CohortRow } from '../cohort/cohort.ts';
import { cachedPacks } from '../cohort/pack-cache.ts';
import { gatherImages, packKey } from '../cohort/packs.ts';
import { InputError } from '../errors.ts';
import type { ImageSource } from '../training/data.ts';
import { intensityStatistics } from '../transforms/intensity-statistics.ts';
import { cohortStore, imageStore, rowStore } from './stores.ts';

/** A cohort that is being trained on. */
export interface OpenCohort {
  readonly cohort: Cohort;
  readonly rows: readonly CohortRow[];
}

/** Films kept in memory at most, in bytes. */
const cacheBytes = 2 ** 30;

/** Number of training films from which mean and standard deviation of intensities are estimated, to a fraction of a grey level. */
const measuredFilms = 256;

/** The cohort and its rows. @throws InputError when it is not stored here. */
export async function openCohort(id: string): Promise<OpenCohort> {
  const [cohort, rows] = await Promise.all([cohortStore.get(id), rowStore.get(id)]);
  if (!cohort || !rows) {
    throw new InputError(
      'The cohort of this study is no longer stored here. Import it again; an equal folder gives the same cohort.',
    );
  }
  return { cohort, rows };
}

/** The images of a cohort, with the intensities of its training images. */
export async function openImages({ cohort, rows }: OpenCohort): Promise<ImageSource> {
  const { id, side } = cohort;
  const maxPacks = Math.max(2, Math.floor(cacheBytes / (imagesPerPack * side * side)));
  const readPack = cachedPacks((pack) => imageStore.get(packKey(id, pack)), maxPacks);
  const read = (wanted: readonly number[]): Promise<Uint8Array> => gatherImages(wanted, side, readPack);
  const training = rows.filter(({ split }) => split === 'train').map(({ index }) => index);
  const stride = Math.max(1, Math.floor(training.length / measuredFilms));
  const measured = training.filter((_, i) => i % stride === 0);
  return { side, statistics: intensityStatistics([await read(measured)]), read };
}
