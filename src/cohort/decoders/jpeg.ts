/**
 * JPEG films, decoded by the browser (baseline and progressive, grey, colour and CMYK); the size is read from the frame header first.
 * Source of the marker layout: ITU-T T.81 (1992), annex B, https://www.w3.org/Graphics/JPEG/itu-t81.pdf.
 */
import { InputError } from '../../errors.ts';
import { beginsWith, type Decoder, type FileBytes, type FilmSize } from './decoder.ts';
import { decodeNatively } from './native.ts';

/** Decodes JPEG films of 8 bits a channel. */
export const jpeg: Decoder = {
  name: 'jpeg',
  label: 'JPEG',
  recognises: (bytes) => beginsWith(bytes, [0xff, 0xd8, 0xff]),
  size: readJpegSize,
  decode: (bytes) => decodeNatively(bytes, 'image/jpeg'),
};

/** Width and height in px from the first frame header (SOF). @throws InputError when there is none, or samples have not 8 bits. */
export function readJpegSize(bytes: FileBytes): FilmSize {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 2; offset + 9 <= bytes.length;) {
    if (bytes[offset] !== 0xff) break;
    const marker = bytes[offset + 1]!;
    if (marker === 0xff) {
      offset++; // Fill bytes may stand before a marker.
    } else if (isStandalone(marker)) {
      offset += 2;
    } else if (isFrameHeader(marker)) {
      return frameSize(view, offset);
    } else {
      offset += 2 + Math.max(2, view.getUint16(offset + 2));
    }
  }
  throw new InputError(
    'The JPEG file has no readable frame header; it is damaged or cut short. Copy or export it again.',
  );
}

function frameSize(view: DataView, offset: number): FilmSize {
  const bits = view.getUint8(offset + 4);
  if (bits !== 8)
    throw new InputError(
      `The JPEG file has ${bits} bits a sample; JPEG films of 8 bits are read. Export the film as 16-bit PNG instead.`,
    );
  return { width: view.getUint16(offset + 7), height: view.getUint16(offset + 5) };
}

/** SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC), which share the range. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** TEM and RST0 to RST7 have no length. */
function isStandalone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
}
