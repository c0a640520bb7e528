/**
 * Rows in the order of their scores, ties kept together: what rank statistics share.
 */

/** Rows sorted by score, with the places where a run of equal scores ends. */
export interface Ranking {
  /** Row at each place, scores ascending. */
  readonly order: Int32Array;
  /** 1 where the row at this place is the last of its run of equal scores. */
  readonly endsTie: Uint8Array;
}

/** Sorts rows by score, ascending; rows of equal score keep their order. */
export function rankRows(scores: ArrayLike<number>): Ranking {
  const order = Int32Array.from({ length: scores.length }, (_, i) => i).sort(
    (a, b) => scores[a]! - scores[b]! || a - b,
  );
  const endsTie = Uint8Array.from(order, (row, place) =>
    place === order.length - 1 || scores[order[place + 1]!] !== scores[row] ? 1 : 0,
  );
  return { order, endsTie };
}

/** The rank of each score, from 1; equal scores share the mean of their ranks. */
export function midranks(scores: ArrayLike<number>): Float64Array {
  const { order, endsTie } = rankRows(scores);
  const ranks = new Float64Array(scores.length);
  let start = 0;
  for (let place = 0; place < order.length; place++) {
    if (!endsTie[place]) continue;
    const shared = (start + place) / 2 + 1;
    for (let k = start; k <= place; k++) ranks[order[k]!] = shared;
    start = place + 1;
  }
  return ranks;
}
