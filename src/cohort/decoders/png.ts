/**
 * PNG films. Those of up to 8 bits go to the browser's decoder. 16-bit films are unpacked by fast-png, since the browser would throw the
 * lower byte away; what they unpack to is measured first, so that a small file cannot fill the memory.
 */
import { decode as decodePng } from 'fast-png';
import { InputError } from '../../errors.ts';
import type { DecodedFilm, Decoder, FileBytes } from './decoder.ts';
import { beginsWith } from './decoder.ts';
import { lumaWord } from './luma.ts';
import { decodeNatively } from './native.ts';
import { pickPixelChunks, pngSignature, readPngHeader, unpackedBytes } from './png-chunks.ts';

/** Decodes PNG films of every bit depth, colour type and interlacing. */
export const png: Decoder = {
  name: 'png',
  label: 'PNG',
  recognises: (bytes) => beginsWith(bytes, pngSignature),
  size: readPngHeader,
  async decode(bytes) {
    const { bitDepth } = readPngHeader(bytes);
    return bitDepth === 16 ? decodeWords(bytes) : decodeNatively(bytes, 'image/png');
  },
};

/** 16-bit films are unpacked in JavaScript, in one go: this keeps time and memory of the largest one small (64 megapixels of grey fit). */
const maxUnpackedBytes = 140_000_000;

/**
 * Grey levels of a 16-bit PNG film, exact to the last bit for grey films; checksums are verified.
 * @throws InputError when the file is damaged or holds more or less data than its header states.
 */
export async function decodeWords(bytes: FileBytes): Promise<DecodedFilm> {
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
  return { width: header.width, height: header.height, grey, bitDepth: 16 };
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

/** Unpacks in passing, without keeping anything, and stops at the first byte too many. */
async function checkUnpackedBytes(compressed: readonly FileBytes[], expected: number): Promise<void> {
  let count = 0;
  try {
    const unpacked = new Blob([...compressed]).stream().pipeThrough(new DecompressionStream('deflate'));
    for await (const chunk of unpacked) {
      count += chunk.length;
      if (count > expected) break;
    }
  } catch {
    throw new InputError('The PNG file’s pixel data are damaged; copy or export the film again.');
  }
  if (count !== expected)
    throw new InputError(
      `The PNG file holds ${count > expected ? 'more' : 'less'} pixel data than its header states; export the film again.`,
    );
}
