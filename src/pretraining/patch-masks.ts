/**
 * Which patches of a film a masked autoencoder sees, drawn anew for each film and step.
 */
import type { PatchEncoder } from '../models/encoder.ts';
import type { Random } from '../random/random.ts';
import type { HostTensors } from '../tensors/host-tensor.ts';

/** Patches that are seen at a share of masked ones: at least one, and never all. */
export function visiblePatches(count: number, maskedShare: number): number {
  return Math.min(count - 1, Math.max(1, Math.round(count * (1 - maskedShare))));
}

/** How many patches a film has, and how many of them are seen. */
export interface PatchMasking extends Pick<PatchEncoder, 'count' | 'prefix'> {
  readonly visible: number;
}

/**
 * Draws what each film shows.
 * @returns `places` int32 [films, prefix + visible]: the tokens that the encoder reads, those of the prefix and prefix + p for each patch p seen,
 *   in order; `sources` int32 [films, count]: for each patch the token of the encoder's output that stands there, or any where it was removed
 *   (each stands in for equally many, so that no sum of gradients is long); `mask` [films, count], 1 for removed patches
 */
export function drawPatchMasks(
  films: number,
  { count, prefix, visible }: PatchMasking,
  random: Random,
): HostTensors {
  const read = prefix + visible;
  const places = new Int32Array(films * read);
  const sources = new Int32Array(films * count);
  const mask = new Float32Array(films * count).fill(1);
  const all = Array.from({ length: count }, (_, p) => p);
  for (let film = 0; film < films; film++) {
    const seen = random
      .shuffled(all)
      .slice(0, visible)
      .sort((a, b) => a - b);
    for (let i = 0; i < prefix; i++) places[film * read + i] = i;
    for (let p = 0; p < count; p++) sources[film * count + p] = prefix + (p % visible);
    seen.forEach((patch, i) => {
      places[film * read + prefix + i] = prefix + patch;
      sources[film * count + patch] = prefix + i;
      mask[film * count + patch] = 0;
    });
  }
  return {
    places: { shape: [films, read], dtype: 'int32', values: places },
    sources: { shape: [films, count], dtype: 'int32', values: sources },
    mask: { shape: [films, count], dtype: 'float32', values: mask },
  };
}
