/**
 * PNG films. Those of up to 8 bits go to the browser's decoder. 16-bit films are unpacked by fast-png, since the browser would throw the
 * lower byte away; what they unpack to is measured first, so that a small file cannot fill the memory. Both are turned upright as EXIF
 * data say.
 */
import { decode as decodePng } from 'fast-png';
import { InputError } from '../../errors.ts';
import type { DecodedImage, Decoder, FileBytes } from './decoder.ts';
import { beginsWith } from './decoder.ts';
import { exifOrientation } from './exif-orientation.ts';
import { lumaWord } from './luma.ts';
import { decodeNatively } from './native.ts';
import { findExif, pickPixelChunks, pngSignature, readPngHeader, unpackedBytes } from './png-chunks.ts';
import { turnUpright } from './upright.ts';

/** Decodes PNG films of every bit depth, colour type and interlacing. */
export const png: Decoder = {
  name: 'png',
  label: 'PNG',
  recognises: (bytes) => beginsWith(bytes, pngSignature),
  size: readPngHeader,
  async decode(bytes) {
    const { bitDepth } = readPngHeader(bytes);
    return bitDepth === 16 ? decodeWords(bytes) : decodeBytes(bytes);
  },
};

/**
 * The browser turns a film upright itself, unless its EXIF data stand behind the pixel data, where the standard allows them too. It
 * refuses files that are cut short or whose chunks have wrong checksums, but does not look at the checksum of the pixels.
 */
async function decodeBytes(bytes: FileBytes): Promise<DecodedImage> {
  const film = await decodeNatively(bytes, 'image/png');
  const { compressed } = pickPixelChunks(bytes);
  const expected = unpackedBytes(readPngHeader(bytes));
  const count = await countUnpackedBytes(compressed, expected);
  const found = findExif(bytes);
  return {
    ...(found && !found.beforePixels ? turnUpright(film, exifOrientation(found.exif)) : film),
    doubt: doubtCount(count, expected),
  };
}

/** What to say of an 8-bit film that the browser has read: browsers pass over a wrong checksum, and over lines below the stated height. */
function doubtCount(count: number | null, expected: number): string | null {
  if (count === null)
    return 'The checksum of the PNG file’s pixels is wrong, so parts of the film may be; look at it, and copy it again if they are.';
  return count > expected
    ? 'The PNG file holds more pixels than its header states, so a part of the film may be left out; look at it, and export it again if it is.'
    : null;
}

/** 16-bit films are unpacked in JavaScript, in one go: this keeps time and memory of the largest one small (64 megapixels of grey fit). */
const maxUnpackedBytes = 140_000_000;

/**
 * Grey levels of a 16-bit PNG film, upright and exact to the last bit for grey films; checksums are verified.
 * @throws InputError when the file is damaged or holds more or less data than its header states.
 */
export async function decodeWords(bytes: FileBytes): Promise<DecodedImage> {
  const header = readPngHeader(bytes);
  const expected = unpackedBytes(header);
  if (expected > maxUnpackedBytes)
    throw new InputError(
      `The film unpacks to ${Math.round(expected / 1e6)} MB; 16-bit films of at most ${maxUnpackedBytes / 1e6} MB are read. Store it as grey, or smaller.`,
    );
  const { file, compressed } = pickPixelChunks(bytes);
  await checkUnpackedBytes(compressed, expected);
  const { data, channels, transparency } = unpackWords(file);
  const grey = new Uint16Array(header.width * header.height);
  for (let pixel = 0; pixel < grey.length; pixel++) {
    grey[pixel] = greyLevel(data, pixel * channels, channels, transparency);
  }
  const found = findExif(bytes);
  const film = { width: header.width, height: header.height, grey, bitDepth: 16 };
  return found ? turnUpright(film, exifOrientation(found.exif)) : film;
}

/** The grey level of one pixel over black; `clear` is the one colour that counts as transparent, if any. */
function greyLevel(data: Uint16Array, at: number, channels: number, clear: Uint16Array | undefined): number {
  const coloured = channels >= 3;
  const [first, second, third] = [data[at]!, data[at + 1]!, data[at + 2]!];
  const level = coloured ? lumaWord(first, second, third) : first;
  if (channels === 2 || channels === 4) return Math.round((level * data[at + channels - 1]!) / 65535);
  if (!clear || clear.length < channels) return level;
  const isClear = first === clear[0] && (!coloured || (second === clear[1] && third === clear[2]));
  return isClear ? 0 : level;
}

function unpackWords(file: FileBytes): { data: Uint16Array; channels: number; transparency?: Uint16Array } {
  try {
    const decoded = decodePng(file, { checkCrc: true });
    if (!(decoded.data instanceof Uint16Array)) throw new TypeError('expected 16-bit data');
    return { ...decoded, data: decoded.data };
  } catch (error) {
    throw new InputError(
      `The PNG file is damaged (${error instanceof Error ? error.message : 'unknown reason'}); copy or export the film again.`,
    );
  }
}

/** @throws InputError unless pixel data are sound and as many as expected. */
async function checkUnpackedBytes(compressed: readonly FileBytes[], expected: number): Promise<void> {
  const count = await countUnpackedBytes(compressed, expected);
  if (count === null)
    throw new InputError('The PNG file’s pixel data are damaged; copy or export the film again.');
  if (count !== expected)
    throw new InputError(
      `The PNG file holds ${count > expected ? 'more' : 'less'} pixel data than its header states; export the film again.`,
    );
}

/** Unpacks in passing, without keeping anything, and stops at the first byte too many. Null when the data or their checksum are broken. */
async function countUnpackedBytes(compressed: readonly FileBytes[], most: number): Promise<number | null> {
  let count = 0;
  try {
    const unpacked = new Blob([...compressed]).stream().pipeThrough(new DecompressionStream('deflate'));
    for await (const chunk of unpacked) {
      count += chunk.length;
      if (count > most) break;
    }
  } catch {
    return null;
  }
  return count;
}
