/**
 * From colour to grey: the luma of ITU-R BT.601 in the fixed-point form that Pillow's mode 'L' uses,
 * L = (19595 R + 38470 G + 7471 B + 32768) >> 16. A grey pixel keeps its level exactly.
 */

/** The grey byte of an 8-bit colour; channels are in [0, 255]. */
export function lumaByte(red: number, green: number, blue: number): number {
  return (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;
}

/** The grey level of a 16-bit colour; channels are in [0, 65535]. */
export function lumaWord(red: number, green: number, blue: number): number {
  return Math.floor((19595 * red + 38470 * green + 7471 * blue + 32768) / 65536);
}

/** Writes the luma of opaque RGBA bytes [pixels, 4] to `grey` from `offset` on. */
export function writeLuma(rgba: Uint8ClampedArray, grey: Uint8Array, offset: number): void {
  for (let i = 0, pixel = offset; i < rgba.length; i += 4, pixel++) {
    grey[pixel] = lumaByte(rgba[i]!, rgba[i + 1]!, rgba[i + 2]!);
  }
}
