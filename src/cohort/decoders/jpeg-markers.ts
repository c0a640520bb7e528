/**
 * The segments of a JPEG file, walked without decoding anything. Lengths are followed, so that the thumbnail inside an EXIF segment is
 * never taken for the film.
 * Source: ITU-T T.81 (1992), annex B, https://www.w3.org/Graphics/JPEG/itu-t81.pdf.
 */
import { InputError } from '../../errors.ts';

/** Second bytes of the markers that the check of a film needs; 0xff stands before each. */
export const jpegMarkers = {
  defineHuffmanTables: 0xc4,
  restart0: 0xd0,
  restart7: 0xd7,
  startOfImage: 0xd8,
  endOfImage: 0xd9,
  startOfScan: 0xda,
  defineQuantisation: 0xdb,
  defineRestartInterval: 0xdd,
} as const;

/** One marker with what belongs to it. */
export interface JpegSegment {
  /** The marker's second byte. */
  readonly marker: number;
  /** What follows the segment's length; empty for markers that stand alone. */
  readonly content: Uint8Array;
  /** After a start of scan, the coded picture data up to the next marker that is no restart; else empty. */
  readonly coded: Uint8Array;
  /** Bytes other than 0 between the segment before and this marker, where none should be. */
  readonly strayBytes: number;
}

/**
 * Segments in the order of the file, from the one after the start of image to the end of image, or to the end of the file where that
 * mark is missing. What follows the end of image is not looked at: cameras put more pictures there.
 * @throws InputError when a segment is longer than the rest of the file.
 */
export function* jpegSegments(bytes: Uint8Array): Generator<JpegSegment> {
  for (let offset = 2; ;) {
    const { at, strayBytes } = nextMarker(bytes, offset);
    if (at >= bytes.length) return;
    const marker = bytes[at]!;
    const { content, coded } = standsAlone(marker)
      ? { content: nothing, coded: nothing }
      : contentOf(bytes, at + 1, marker);
    yield { marker, content, coded, strayBytes };
    if (marker === jpegMarkers.endOfImage) return;
    offset = at + 1 + (standsAlone(marker) ? 0 : 2 + content.length + coded.length);
  }
}

/** The error for a file that is not whole: what is wrong with it, and what to do. */
export function damagedJpeg(what: string): InputError {
  return new InputError(`The JPEG file is damaged or cut short: ${what}. Copy or export the film again.`);
}

const nothing = new Uint8Array();

/** TEM, RST0 to RST7, SOI and EOI have no length. */
function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= jpegMarkers.restart0 && marker <= jpegMarkers.endOfImage);
}

/** Where the next marker's second byte stands; any number of fill bytes 0xff may stand before it. */
function nextMarker(bytes: Uint8Array, offset: number): { at: number; strayBytes: number } {
  let strayBytes = 0;
  for (let at = offset; at < bytes.length; at++) {
    if (bytes[at] !== 0xff) {
      if (bytes[at] !== 0) strayBytes++;
      continue;
    }
    while (bytes[at] === 0xff) at++;
    if (at < bytes.length && bytes[at] !== 0) return { at, strayBytes };
  }
  return { at: bytes.length, strayBytes };
}

function contentOf(
  bytes: Uint8Array,
  offset: number,
  marker: number,
): { content: Uint8Array; coded: Uint8Array } {
  const length = offset + 2 <= bytes.length ? bytes[offset]! * 256 + bytes[offset + 1]! : 0;
  if (length < 2 || offset + length > bytes.length)
    throw damagedJpeg('one of its parts is longer than the rest of the file, or has no length');
  const content = bytes.subarray(offset + 2, offset + length);
  if (marker !== jpegMarkers.startOfScan) return { content, coded: nothing };
  return { content, coded: bytes.subarray(offset + length, endOfCoded(bytes, offset + length)) };
}

/** The offset of the first 0xff that begins a marker other than a restart. */
function endOfCoded(bytes: Uint8Array, offset: number): number {
  for (let at = bytes.indexOf(0xff, offset); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) return bytes.length;
    const belongs =
      next === 0 || next === 0xff || (next >= jpegMarkers.restart0 && next <= jpegMarkers.restart7);
    if (!belongs) return at;
  }
  return bytes.length;
}
