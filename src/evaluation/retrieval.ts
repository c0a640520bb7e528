/**
 * How well films find their reports, and reports their films, in a space where both are compared by cosine.
 */

/**
 * For each query 1 + the number of keys that lie strictly nearer than its own: a key that equals its own (a report of the same wording) is as
 * good as its own.
 * @param queries [pairs, dimensions] @param keys [pairs, dimensions], the partner of each query at its index; of length 1 each.
 */
export function partnerRanks(queries: readonly Float32Array[], keys: readonly Float32Array[]): number[] {
  return queries.map((query, i) => {
    const own = dot(query, keys[i]!);
    return 1 + keys.filter((key) => dot(query, key) > own + tolerance).length;
  });
}

/** Share of the queries whose partner is among the k nearest, in [0, 1]; NaN without a query. */
export function recallAt(ranks: readonly number[], k: number): number {
  return ranks.filter((rank) => rank <= k).length / ranks.length;
}

/** Two cosines that differ by less came of equal vectors, rounded in another order. */
const tolerance = 1e-6;

/** Σ aᵢbᵢ, the cosine of vectors of length 1. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
