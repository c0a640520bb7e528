/**
 * From a film of any size and depth to the square of bytes that a cohort keeps.
 */
import type { SquareFit } from './cohort.ts';
import { centreCrop } from './centre-crop.ts';
import { filmWindow } from './film-window.ts';
import { windowed } from './intensity.ts';
import { resize, type Grey, type Raster } from './resize.ts';

/**
 * The film as side × side grey bytes, its aspect kept.
 *
 * 'crop' keeps the centred square whose side is the film's shorter side, and resizes it; 'pad' resizes the longer side and adds black on
 * both sides of the shorter. Resizing is antialiased and bilinear. Films of 8 bits keep their grey levels. Films of 16 bits or real
 * numbers are resized at full depth and then windowed: their 0.5th to 99.5th percentile is spread over 0 to 255, what lies outside
 * becomes 0 or 255. So a film with 12 bits in 16 is not black, and neither a few extreme pixels nor padding (`filmWindow`) flatten the
 * rest.
 * @throws RangeError unless side is an integer ≥ 1.
 */
export function squareFilm(film: Raster, side: number, fit: SquareFit): Uint8Array<ArrayBuffer> {
  const levels = finite(film);
  const fitted = fit === 'crop' ? cropToSquare(levels, side) : shrinkToSide(levels, side);
  const bytes = fitted.grey instanceof Uint8Array ? fitted.grey : toBytes(fitted.grey, levels);
  return fit === 'crop' ? new Uint8Array(bytes) : padToSquare({ ...fitted, grey: bytes }, side);
}

function cropToSquare(film: Raster, side: number): Raster {
  const shorter = Math.min(film.width, film.height);
  return resize(centreCrop(film, shorter, shorter), side, side);
}

function shrinkToSide(film: Raster, side: number): Raster {
  const scale = side / Math.max(film.width, film.height);
  return resize(
    film,
    Math.max(1, Math.round(film.width * scale)),
    Math.max(1, Math.round(film.height * scale)),
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

/** The window is that of the whole film, not of the part that is kept. */
function toBytes(grey: Grey, whole: Raster): Uint8Array {
  return Uint8Array.from(windowed(grey, ...filmWindow(whole)), (share) => Math.round(share * 255));
}

/** Real-valued films may hold NaN or ±Infinity, which would spread with resizing; they become the lowest finite level. */
function finite(film: Raster): Raster {
  const { grey } = film;
  if (!(grey instanceof Float32Array) || grey.every(Number.isFinite)) return film;
  const lowest = grey.reduce(
    (least, level) => (Number.isFinite(level) && level < least ? level : least),
    Infinity,
  );
  const floor = Number.isFinite(lowest) ? lowest : 0;
  return { ...film, grey: grey.map((level) => (Number.isFinite(level) ? level : floor)) };
}
