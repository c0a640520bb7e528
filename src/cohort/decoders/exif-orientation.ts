/**
 * The orientation that EXIF data state.
 * Source: CIPA DC-008 (Exif 2.32), sections 4.5.2 and 4.6.4; Adobe, "TIFF Revision 6.0" (1992), section 2.
 */
import type { Orientation } from './upright.ts';

const orientationTag = 0x0112;
const short = 3;

/** The orientation in the first directory of EXIF data; 1, upright, where there is none or the data are broken. */
export function exifOrientation(exif: Uint8Array): Orientation {
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  const order = exif.length >= 8 ? view.getUint16(0) : 0;
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const littleEndian = order === 0x4949;
  const directory = view.getUint32(4, littleEndian);
  if (view.getUint16(2, littleEndian) !== 42 || directory + 2 > exif.length) return 1;
  const end = Math.min(exif.length - 12, directory + 2 + 12 * (view.getUint16(directory, littleEndian) - 1));
  for (let entry = directory + 2; entry <= end; entry += 12) {
    if (view.getUint16(entry, littleEndian) !== orientationTag) continue;
    const value = view.getUint16(entry + 8, littleEndian);
    return view.getUint16(entry + 2, littleEndian) === short && isOrientation(value) ? value : 1;
  }
  return 1;
}

function isOrientation(value: number): value is Orientation {
  return value >= 1 && value <= 8;
}
