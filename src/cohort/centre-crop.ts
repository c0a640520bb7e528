/**
 * The middle of a film.
 */
import type { Grey, Raster } from './resize.ts';

/** Where a crop begins when the margin is odd: 'floor' takes the smaller offset, 'torchvision' rounds half to even. */
export type CropRule = 'floor' | 'torchvision';

/** First line and column of a centred crop. */
export function cropOffsets(
  film: { readonly width: number; readonly height: number },
  width: number,
  height: number,
  rule: CropRule = 'floor',
): { top: number; left: number } {
  const offset = rule === 'floor' ? Math.floor : roundHalfToEven;
  return { top: offset((film.height - height) / 2), left: offset((film.width - width) / 2) };
}

/** The centred width × height part of a film, of the same type. @throws RangeError when the film is smaller. */
export function centreCrop<T extends Grey>(
  film: Raster<T>,
  width: number,
  height: number,
  rule: CropRule = 'floor',
): Raster<T> {
  if (width > film.width || height > film.height || width < 1 || height < 1)
    throw new RangeError(`centreCrop: ${width} × ${height} does not fit into ${film.width} × ${film.height}`);
  const { top, left } = cropOffsets(film, width, height, rule);
  const grey = new (film.grey.constructor as new (length: number) => T)(width * height);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * film.width + left;
    grey.set(film.grey.subarray(from, from + width), y * width);
  }
  return { width, height, grey };
}

function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}
