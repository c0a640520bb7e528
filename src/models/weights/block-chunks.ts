/**
 * Blocks that were trained in chunks: DINOv2's training checkpoints number them "blocks.<chunk>.<block>." in place of "blocks.<block>."
 * (`block_chunks` in https://github.com/facebookresearch/dinov2/blob/main/dinov2/models/vision_transformer.py).
 */

const inChunk = /^blocks\.(\d+)\.(\d+)\./;

/**
 * Names with their blocks counted through, by the names as they are; empty where blocks do not lie in chunks, or one is missing. Blocks
 * may be counted through over all chunks, as DINOv2 does, or from 0 in each.
 */
export function blocksInARow(names: readonly string[]): ReadonlyMap<string, string> {
  const blocks = names.filter((name) => name.startsWith('blocks.'));
  if (blocks.length === 0 || !blocks.every((name) => inChunk.test(name))) return new Map();
  const places = new Map(
    blocks.map((name) => {
      const [, chunk, block] = inChunk.exec(name)!;
      return [`${chunk}.${block}`, [Number(chunk), Number(block)] as const];
    }),
  );
  const ordered = [...places].sort(([, [a, b]], [, [c, d]]) => a - c || b - d);
  if (!areComplete(ordered.map(([, place]) => place))) return new Map();
  const numbers = new Map(ordered.map(([place], index) => [place, index]));
  return new Map(
    blocks.map((name) => [
      name,
      name.replace(
        inChunk,
        (_all, chunk: string, block: string) => `blocks.${numbers.get(`${chunk}.${block}`)}.`,
      ),
    ]),
  );
}

/** Whether no chunk and no block is skipped. */
function areComplete(places: readonly (readonly [chunk: number, block: number])[]): boolean {
  const countedThrough = places.every(([, block], index) => block === index);
  const countedAnew = places.every(([chunk, block], index) => {
    const before = places[index - 1];
    return block === (before?.[0] === chunk ? before[1] + 1 : 0);
  });
  const chunks = [...new Set(places.map(([chunk]) => chunk))];
  return chunks.every((chunk, index) => chunk === index) && (countedThrough || countedAnew);
}
