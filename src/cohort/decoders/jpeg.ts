/**
 * JPEG films, decoded by the browser (baseline and progressive, grey, colour and CMYK). The size is read from the frame header first, and
 * the file is checked from end to end, since browsers show damaged films as if nothing were wrong.
 */
import type { Decoder, FileBytes, ImageSize } from './decoder.ts';
import { beginsWith } from './decoder.ts';
import { isFrameMarker, readFrame } from './jpeg-frame.ts';
import { checkJpeg } from './jpeg-integrity.ts';
import { damagedJpeg, jpegSegments } from './jpeg-markers.ts';
import { decodeNatively } from './native.ts';

/** Decodes JPEG films of 8 bits per channel. */
export const jpeg: Decoder = {
  name: 'jpeg',
  label: 'JPEG',
  recognises: (bytes) => beginsWith(bytes, [0xff, 0xd8, 0xff]),
  size: readJpegSize,
  async decode(bytes) {
    const doubt = checkJpeg(bytes);
    return { ...(await decodeNatively(bytes, 'image/jpeg')), doubt };
  },
};

/**
 * Width and height in px from the first frame header.
 * @throws InputError when there is none, or when it states what browsers do not read.
 */
export function readJpegSize(bytes: FileBytes): ImageSize {
  for (const { marker, content } of jpegSegments(bytes)) {
    if (isFrameMarker(marker)) {
      const { width, height } = readFrame(marker, content);
      return { width, height };
    }
  }
  throw damagedJpeg('it has no frame header');
}
