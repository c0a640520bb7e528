/**
 * Where an image's pixels stand: `imagesPerPack` images to a pack, in the order of the rows, side × side bytes each.
 */
import { InputError } from '../errors.ts';
import { imagesPerPack } from './cohort.ts';

/** The key of a pack in the image store. */
export function packKey(cohortId: string, pack: number): string {
  return `${packPrefix(cohortId)}${String(pack).padStart(6, '0')}`;
}

/** What the keys of all packs of a cohort begin with. */
export function packPrefix(cohortId: string): string {
  return `${cohortId}/`;
}

/** The cohort to which a pack's key belongs. */
export function cohortOfPackKey(key: string): string {
  return key.slice(0, key.lastIndexOf('/'));
}

/**
 * Copies images out of packs, in the order of the indices; each pack is read once.
 * @param readPack gives a pack by its number.
 * @returns indices.length × side × side grey bytes.
 * @throws InputError when a pack is gone; RangeError when an index is no image of its pack.
 */
export async function gatherImages(
  indices: readonly number[],
  side: number,
  readPack: (pack: number) => Promise<Uint8Array | undefined>,
): Promise<Uint8Array<ArrayBuffer>> {
  const size = side * side;
  const pixels = new Uint8Array(indices.length * size);
  const packs = new Map<number, Uint8Array>();
  for (const [place, index] of indices.entries()) {
    const number = Math.floor(index / imagesPerPack);
    const pack = packs.get(number) ?? (await readPack(number));
    if (!pack)
      throw new InputError(
        'Films of this cohort are gone from the storage; delete the cohort and import it again.',
      );
    packs.set(number, pack);
    const from = (index - number * imagesPerPack) * size;
    if (!(from >= 0 && from + size <= pack.length))
      throw new RangeError(`gatherImages: there is no image ${index}`);
    pixels.set(pack.subarray(from, from + size), place * size);
  }
  return pixels;
}
