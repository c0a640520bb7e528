/**
 * Which tensors of many share a dispatch. On a graphics card as many as the device binds: each workgroup takes the branch of its tensor. In
 * software every thread runs through the branches of all tensors of its dispatch, so that the large ones go with few others.
 */
import { runsInSoftware } from '../tensors/backend.ts';

/** Cost of a dispatch, relative to reading and writing one vector of another tensor. */
const DISPATCH = 2 ** 17;

/**
 * Groups of tensors, in each their places, so that dispatches and branches together cost least.
 * @param threads of each tensor @param most tensors in a group, at least 1
 */
export function tensorGroups(
  threads: readonly number[],
  most: number,
  software = runsInSoftware(),
): readonly (readonly number[])[] {
  const places = threads.map((_, place) => place);
  if (!software) {
    return Array.from({ length: Math.ceil(places.length / most) }, (_, n) =>
      places.slice(n * most, (n + 1) * most),
    );
  }
  // The best cut of the tensors in order of size; best[n] is of the n largest.
  places.sort((a, b) => threads[b]! - threads[a]!);
  const best: { readonly cost: number; readonly from: number }[] = [{ cost: 0, from: 0 }];
  for (let end = 1; end <= places.length; end++) {
    let found = { cost: Infinity, from: end - 1 };
    let sum = 0;
    for (let from = end - 1; from >= Math.max(0, end - most); from--) {
      sum += threads[places[from]!]!;
      const cost = best[from]!.cost + DISPATCH + sum * (end - from);
      if (cost < found.cost) found = { cost, from };
    }
    best.push(found);
  }
  const groups: number[][] = [];
  for (let end = places.length; end > 0; end = best[end]!.from)
    groups.unshift(places.slice(best[end]!.from, end));
  return groups;
}
