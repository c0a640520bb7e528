/**
 * Turning films upright as EXIF data say.
 * Source: CIPA DC-008 (Exif 2.32), section 4.6.4, tag 0x0112 Orientation.
 */
import type { DecodedImage } from './decoder.ts';

/**
 * Where the film's top left is in the file: 1 upright, 2 mirrored left to right, 3 upside down, 4 mirrored top to bottom, 5 mirrored
 * along the diagonal, 6 to be turned by 90° clockwise, 7 mirrored along the other diagonal, 8 to be turned by 90° anticlockwise.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** The film as it is meant to be seen; width and height change places for 5 to 8. */
export function turnUpright(film: DecodedImage, orientation: Orientation): DecodedImage {
  if (orientation === 1) return film;
  const { width, height, grey } = film;
  const upright = grey.slice();
  const [origin, right, down] = readingOrder(orientation, width, height);
  const [columns, lines] = orientation > 4 ? [height, width] : [width, height];
  for (let y = 0, to = 0; y < lines; y++) {
    for (let x = 0, from = origin + y * down; x < columns; x++, from += right) upright[to++] = grey[from]!;
  }
  return { ...film, width: columns, height: lines, grey: upright };
}

/** Index in the file of the upright film's first pixel, and the steps to its right and lower neighbours. */
function readingOrder(
  orientation: Orientation,
  width: number,
  height: number,
): [origin: number, right: number, down: number] {
  const [topRight, bottomLeft, bottomRight] = [width - 1, (height - 1) * width, width * height - 1];
  switch (orientation) {
    case 1:
      return [0, 1, width];
    case 2:
      return [topRight, -1, width];
    case 3:
      return [bottomRight, -1, -width];
    case 4:
      return [bottomLeft, 1, -width];
    case 5:
      return [0, width, 1];
    case 6:
      return [bottomLeft, -width, 1];
    case 7:
      return [bottomRight, -width, -1];
    case 8:
      return [topRight, width, -1];
    default:
      return orientation satisfies never;
  }
}
