/**
 * The two grey levels between which a deep image is spread over 256: percentiles of the image, without the padding that exports add.
 *
 * Padding is recognised by its levels, not by its place: a frame, the corners of a turned image, what lies outside of the beam, burned-in
 * letters. It is one exact level at the dark or bright end of the image, and far from everything else. A black background that goes over
 * into the image (levels 0, 1, 2, 3 …) is no padding, and images without padding keep the percentiles of the whole.
 */
import { percentiles } from './intensity.ts';
import type { Grey, Raster } from './resize.ts';

/** Percentiles between which deeper images are spread over 256 grey levels. */
export const windowPercentiles: readonly [low: number, high: number] = [0.5, 99.5];

/** The lowest and the highest grey level of a window. */
export type ImageWindow = readonly [low: number, high: number];

/** Padding is left out where the window of the whole image is this many times as wide as that of the rest. */
const leastGain = 1.25;

/** The window of an image. Takes time in proportion to the pixels, and a few bytes for each where there is padding. */
export function imageWindow(image: Raster): ImageWindow {
  const whole = windowOf(image.grey);
  const rest = withoutPadding(image);
  if (rest === image.grey) return whole;
  const inner = windowOf(rest);
  return width(whole) > leastGain * width(inner) ? inner : whole;
}

/** Grey levels that the middle nine tenths of an image's pixels should spread over. */
const fewestLevels = 64;

/**
 * Whether a windowed image shows little: the 5th and 95th percentile of its pixels that are neither black nor white are fewer than 64
 * levels apart. Images of hardly any but black and white pixels have contrast enough.
 */
export function hasLittleContrast(bytes: Uint8Array): boolean {
  const grey = bytes.filter((level) => level > 0 && level < 255);
  if (grey.length < bytes.length / 100) return false;
  const [low, high] = percentiles(grey, [5, 95]) as [number, number];
  return high - low < fewestLevels;
}

function windowOf(grey: Grey): ImageWindow {
  const [low, high] = percentiles(grey, windowPercentiles) as [number, number];
  // An image with almost all pixels of one level has no width between its percentiles; its extremes then serve.
  return high > low ? [low, high] : (percentiles(grey, [0, 100]) as [number, number]);
}

function width([low, high]: ImageWindow): number {
  return high - low;
}

/** Levels of padding that are looked for: two at each end, such as a white frame with a black line inside. */
const mostPaddings = 4;

/** The grey levels of all pixels that are no padding and have none beside them; the image's own array where there is no padding. */
function withoutPadding({ grey, width, height }: Raster): Grey {
  let rest = grey;
  let kept = new Uint8Array(0);
  for (let found = 0; found < mostPaddings; found++) {
    const next = (['dark', 'bright'] as const)
      .map((end) => withoutEnd({ grey, width, height }, rest, kept, end))
      .find((candidate) => candidate !== null);
    if (!next) break;
    ({ rest, kept } = next);
  }
  return rest;
}

/** Pixels that are left, and their levels; `kept` has 1 for each pixel that is left, or is empty where all are. */
interface Rest {
  readonly rest: Grey;
  readonly kept: Uint8Array<ArrayBuffer>;
}

/** The share of pixels at one end, in percent, of which at least the inner half has one exact level when it is padding. */
const endPercent = 0.1;
/** Padding is this much of the width of the other levels away from them. */
const leastGap = 0.25;

function withoutEnd(image: Raster, rest: Grey, kept: Uint8Array, end: 'dark' | 'bright'): Rest | null {
  const percents = [endPercent / 2, endPercent].map((percent) => (end === 'dark' ? percent : 100 - percent));
  const [level, inwards] = percentiles(rest, percents) as [number, number];
  if (level !== inwards) return null;
  const left = keepFarFrom(image, kept, (grey) => (end === 'dark' ? grey <= level : grey >= level));
  const inner = levelsOf(image.grey, left);
  if (!hasManyLevels(inner)) return null;
  const [low, high] = windowOf(inner);
  const gap = end === 'dark' ? low - level : level - high;
  return gap > leastGap * (high - low) ? { rest: inner, kept: left } : null;
}

/** Px around padding that are left out with it: there a resized image has levels between both. */
const margin = 2;

/** Keeps what was kept, without the pixels beyond a level and those near them, first along lines, then along columns. */
function keepFarFrom(
  { grey, width, height }: Raster,
  kept: Uint8Array,
  isBeyond: (grey: number) => boolean,
): Uint8Array<ArrayBuffer> {
  const near = new Uint8Array(grey.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isBeyond(grey[y * width + x]!)) continue;
      const begin = y * width + Math.max(0, x - margin);
      near.fill(1, begin, y * width + Math.min(width, x + margin + 1));
    }
  }
  const left = new Uint8Array(grey.length);
  for (let at = 0; at < left.length; at++) {
    if (kept.length > 0 && kept[at] === 0) continue;
    let isNear = 0;
    for (let line = -margin; line <= margin; line++) isNear |= near[at + line * width] ?? 0;
    left[at] = 1 - isNear;
  }
  return left;
}

function levelsOf(grey: Grey, kept: Uint8Array): Grey {
  const levels = grey.slice(
    0,
    kept.reduce((sum, one) => sum + one, 0),
  );
  for (let at = 0, to = 0; at < grey.length; at++) if (kept[at] === 1) levels[to++] = grey[at]!;
  return levels;
}

/** Images of only a few levels count as having no padding, because each level may mean something. */
function hasManyLevels(grey: Grey): boolean {
  const seen = new Set<number>();
  for (const level of grey) if (seen.add(level).size >= 32) return true;
  return false;
}
