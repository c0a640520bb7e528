/**
 * Which patches of a film a masked autoencoder sees, drawn anew for each film and step.
 */
import type { Random } from '../random/random.ts';
import type { HostTensors } from '../tensors/host-tensor.ts';

/** Patches that are seen at a share of masked ones: at least one, and never all. */
export function visiblePatches(count: number, maskedShare: number): number {
  return Math.min(count - 1, Math.max(1, Math.round(count * (1 - maskedShare))));
}

/**
 * Draws what each film shows.
 * @param count patches of a film @param visible of them that are seen
 * @returns `places` int32 [films, 1 + visible]: the tokens that the encoder reads, the class token (0) and 1 + p for each patch seen, in order;
 *   `sources` int32 [films, count]: for each patch the token of the encoder's output that stands there, or any where it was removed (each
 *   stands in for equally many, so that no sum of gradients is long); `mask` [films, count], 1 for removed patches
 */
export function drawPatchMasks(films: number, count: number, visible: number, random: Random): HostTensors {
  const places = new Int32Array(films * (1 + visible));
  const sources = new Int32Array(films * count);
  const mask = new Float32Array(films * count).fill(1);
  const all = Array.from({ length: count }, (_, p) => p);
  for (let film = 0; film < films; film++) {
    const seen = random
      .shuffled(all)
      .slice(0, visible)
      .sort((a, b) => a - b);
    for (let p = 0; p < count; p++) sources[film * count + p] = 1 + (p % visible);
    seen.forEach((patch, i) => {
      places[film * (1 + visible) + 1 + i] = 1 + patch;
      sources[film * count + patch] = 1 + i;
      mask[film * count + patch] = 0;
    });
  }
  return {
    places: { shape: [films, 1 + visible], dtype: 'int32', values: places },
    sources: { shape: [films, count], dtype: 'int32', values: sources },
    mask: { shape: [films, count], dtype: 'float32', values: mask },
  };
}
