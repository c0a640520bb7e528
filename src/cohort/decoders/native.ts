/**
 * The browser's own decoder: it knows every 8-bit PNG and JPEG and unpacks outside of JavaScript's heap. It yields 8 bits per channel, so
 * 16-bit films must not come here. It fills what a damaged file lacks with grey, so files are checked before they come here.
 */
import { InputError } from '../../errors.ts';
import type { DecodedImage, FileBytes } from './decoder.ts';
import { writeLuma } from './luma.ts';

/** Pixels read back at once; keeps the RGBA copy of a large film small. */
const bandPixels = 2_000_000;

/**
 * Grey levels of an 8-bit film: colour by its luma, transparent parts over black, turned upright as its EXIF data say. Embedded colour
 * profiles are not applied, so that a grey byte stays what the file states.
 * @throws InputError when the browser cannot decode the file.
 */
export async function decodeNatively(bytes: FileBytes, type: string): Promise<DecodedImage> {
  const bitmap = await unpack(bytes, type);
  try {
    return { width: bitmap.width, height: bitmap.height, grey: readGrey(bitmap), bitDepth: 8 };
  } finally {
    bitmap.close();
  }
}

async function unpack(bytes: FileBytes, type: string): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(new Blob([bytes], { type }), { colorSpaceConversion: 'none' });
  } catch {
    throw new InputError(
      'The browser cannot decode the film: the file is damaged, cut short or not what its first bytes say. Copy or export it again.',
    );
  }
}

function readGrey(bitmap: ImageBitmap): Uint8Array {
  const { width, height } = bitmap;
  const grey = new Uint8Array(width * height);
  const band = Math.max(1, Math.min(height, Math.floor(bandPixels / width)));
  const canvas = new OffscreenCanvas(width, band);
  // Without alpha the canvas begins as opaque black, and drawing puts transparent films over it.
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  if (!context) throw new InputError('The browser gives no canvas for a film of this size; make it smaller.');
  for (let top = 0; top < height; top += band) {
    const rows = Math.min(band, height - top);
    context.fillStyle = '#000';
    context.fillRect(0, 0, width, rows);
    context.drawImage(bitmap, 0, top, width, rows, 0, 0, width, rows);
    writeLuma(context.getImageData(0, 0, width, rows).data, grey, top * width);
  }
  return grey;
}
