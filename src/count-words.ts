/**
 * Counts with the noun that agrees with them.
 */

/** The noun that agrees with a count: "film" for 1, else "films". @param plural where an s is not enough. */
export function nounFor(count: number, noun: string, plural = `${noun}s`): string {
  return count === 1 ? noun : plural;
}

/** "1 seed", "5 seeds". @param plural where an s is not enough. */
export function countPhrase(count: number, noun: string, plural?: string): string {
  return `${count} ${nounFor(count, noun, plural)}`;
}
