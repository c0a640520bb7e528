/**
 * From an image of any size and depth to the square of bytes that a cohort keeps.
 */
import type { SquareFit } from './cohort.ts';
import { centreCrop } from './centre-crop.ts';
import { imageWindow } from './image-window.ts';
import { windowed } from './intensity.ts';
import { resize, type Grey, type Raster } from './resize.ts';

/**
 * The image as side × side grey bytes, its aspect kept.
 *
 * 'crop' keeps the centred square whose side is the image's shorter side, and resizes it; 'pad' resizes the longer side and adds black on
 * both sides of the shorter. Resizing is antialiased and bilinear. Images of 8 bits keep their grey levels. Images of 16 bits or real
 * numbers are resized at full depth and then windowed: their 0.5th to 99.5th percentile is spread over 0 to 255, what lies outside
 * becomes 0 or 255. So an image with 12 bits in 16 is not black, and neither a few extreme pixels nor padding (`imageWindow`) flatten the
 * rest.
 * @throws RangeError unless side is an integer ≥ 1.
 */
export function squareImage(image: Raster, side: number, fit: SquareFit): Uint8Array<ArrayBuffer> {
  const levels = finite(image);
  const fitted = fit === 'crop' ? cropToSquare(levels, side) : shrinkToSide(levels, side);
  const bytes = fitted.grey instanceof Uint8Array ? fitted.grey : toBytes(fitted.grey, levels);
  return fit === 'crop' ? new Uint8Array(bytes) : padToSquare({ ...fitted, grey: bytes }, side);
}

function cropToSquare(image: Raster, side: number): Raster {
  const shorter = Math.min(image.width, image.height);
  return resize(centreCrop(image, shorter, shorter), side, side);
}

function shrinkToSide(image: Raster, side: number): Raster {
  const scale = side / Math.max(image.width, image.height);
  return resize(
    image,
    Math.max(1, Math.round(image.width * scale)),
    Math.max(1, Math.round(image.height * scale)),
  );
}

function padToSquare({ width, height, grey }: Raster, side: number): Uint8Array<ArrayBuffer> {
  const square = new Uint8Array(side * side);
  const [top, left] = [Math.floor((side - height) / 2), Math.floor((side - width) / 2)];
  for (let y = 0; y < height; y++) {
    square.set(grey.subarray(y * width, (y + 1) * width), (top + y) * side + left);
  }
  return square;
}

/** The window is that of the whole image, not of the part that is kept. */
function toBytes(grey: Grey, whole: Raster): Uint8Array {
  return Uint8Array.from(windowed(grey, ...imageWindow(whole)), (share) => Math.round(share * 255));
}

/** Real-valued images may hold NaN or ±Infinity, which would spread with resizing; they become the lowest finite level. */
function finite(image: Raster): Raster {
  const { grey } = image;
  if (!(grey instanceof Float32Array) || grey.every(Number.isFinite)) return image;
  const lowest = grey.reduce(
    (least, level) => (Number.isFinite(level) && level < least ? level : least),
    Infinity,
  );
  const floor = Number.isFinite(lowest) ? lowest : 0;
  return { ...image, grey: grey.map((level) => (Number.isFinite(level) ? level : floor)) };
}
