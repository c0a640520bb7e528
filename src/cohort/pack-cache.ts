/**
 * Packs of images kept in memory, the last used ones, so that an epoch does not read the database once for each image.
 */

/** A reader of packs that remembers up to `maxPacks` of them. Safe to call again before the first call is answered. */
export function cachedPacks<Pack>(
  readPack: (pack: number) => Promise<Pack | undefined>,
  maxPacks: number,
): (pack: number) => Promise<Pack | undefined> {
  const kept = new Map<number, Promise<Pack | undefined>>();
  return (pack) => {
    const reading = kept.get(pack) ?? readPack(pack);
    // Deleting first makes the map's order that of the last use.
    kept.delete(pack);
    kept.set(pack, reading);
    reading.catch(() => kept.delete(pack));
    if (kept.size > maxPacks) kept.delete(kept.keys().next().value!);
    return reading;
  };
}
