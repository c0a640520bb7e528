/**
 * The chunks of a PNG file, walked without unpacking anything: what the file claims, and whether it can be true.
 * Source: W3C, "Portable Network Graphics (PNG) Specification (Third Edition)", section 5, https://www.w3.org/TR/png-3/.
 */
import { InputError } from '../../errors.ts';
import { beginsWith, type FileBytes, type ImageSize } from './decoder.ts';

/** The eight bytes that begin each PNG file. */
export const pngSignature = [137, 80, 78, 71, 13, 10, 26, 10] as const;

/** What the first chunk, IHDR, states. */
export interface PngHeader extends ImageSize {
  /** Bits a channel: 1, 2, 4, 8 or 16. */
  readonly bitDepth: number;
  /** Values a pixel in the file: 1 grey or palette, 2 grey and alpha, 3 colour, 4 colour and alpha. */
  readonly channels: number;
  readonly interlaced: boolean;
}

/** Reads IHDR. @throws InputError when it is missing, cut short or contradicts the standard. */
export function readPngHeader(bytes: FileBytes): PngHeader {
  if (!beginsWith(bytes, pngSignature) || bytes.length < 33 || chunkType(bytes, 8) !== 'IHDR')
    throw new InputError('The PNG header is damaged or cut short; copy or export the film again.');
  const view = viewOf(bytes);
  const [bitDepth, colourType, interlace] = [bytes[24]!, bytes[25]!, bytes[28]!];
  const channels = channelsOf[colourType];
  const depthFits = bitDepths[colourType]?.includes(bitDepth) ?? false;
  if (channels === undefined || !depthFits || view.getUint32(8) !== 13 || interlace > 1)
    throw new InputError(
      `The PNG header states ${bitDepth} bits and colour type ${colourType}, which the standard does not know; export the film again.`,
    );
  const size = { width: view.getUint32(16), height: view.getUint32(20) };
  return { ...size, bitDepth, channels, interlaced: interlace === 1 };
}

const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const bitDepths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** The chunks that decide about pixels; all others (text, profiles) may hide bombs of their own and are left out. */
const pixelChunks: readonly string[] = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'];

/** A PNG file reduced to the chunks that decide about its pixels, and the compressed pixel data alone. */
export interface PixelChunks {
  readonly file: FileBytes;
  readonly compressed: readonly FileBytes[];
}

/** One chunk of a PNG file. */
interface PngChunk {
  readonly type: string;
  /** The chunk with its length, type and checksum. */
  readonly whole: FileBytes;
  readonly content: FileBytes;
}

/** Chunks up to IEND; what follows is not looked at. @throws InputError when one is cut short or the last is missing. */
function* pngChunks(bytes: FileBytes): Generator<PngChunk> {
  for (let offset = 8, type = ''; type !== 'IEND';) {
    const length = offset + 12 <= bytes.length ? viewOf(bytes).getUint32(offset) : Infinity;
    if (offset + 12 + length > bytes.length)
      throw new InputError('The PNG file is cut short; copy or export the film again.');
    type = chunkType(bytes, offset);
    const whole = bytes.subarray(offset, offset + 12 + length);
    yield { type, whole, content: whole.subarray(8, 8 + length) };
    offset += whole.length;
  }
}

/** Walks all chunks. @throws InputError when one is cut short, the header comes twice, or data or end are missing. */
export function pickPixelChunks(bytes: FileBytes): PixelChunks {
  const chunks = [...pngChunks(bytes)];
  const kept = chunks.filter(({ type }) => pixelChunks.includes(type));
  const compressed = kept.filter(({ type }) => type === 'IDAT').map(({ content }) => content);
  if (kept.filter(({ type }) => type === 'IHDR').length !== 1 || compressed.length === 0)
    throw new InputError('The PNG file has no pixel data, or two headers; copy or export the film again.');
  return { file: concatenate([bytes.subarray(0, 8), ...kept.map(({ whole }) => whole)]), compressed };
}

/** EXIF data (chunk eXIf) with a right checksum, and whether they stand before the pixel data; null where there are none. */
export function findExif(bytes: FileBytes): { exif: FileBytes; beforePixels: boolean } | null {
  let beforePixels = true;
  for (const { type, whole, content } of pngChunks(bytes)) {
    if (type === 'IDAT') beforePixels = false;
    if (type === 'eXIf' && crc32(whole.subarray(4, -4)) === viewOf(whole).getUint32(whole.length - 4))
      return { exif: content, beforePixels };
  }
  return null;
}

/** CRC-32 by the definition in the standard's annex D, bit by bit: for short chunks. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** Bytes of the unpacked pixel data, one filter byte a line included; interlaced films have seven passes. */
export function unpackedBytes({ width, height, bitDepth, channels, interlaced }: PngHeader): number {
  const passes = interlaced ? adam7Passes : [[0, 0, 1, 1] as const];
  return passes.reduce((sum, [left, top, across, down]) => {
    const columns = Math.ceil((width - left) / across);
    const lines = Math.ceil((height - top) / down);
    return columns > 0 && lines > 0
      ? sum + lines * (1 + Math.ceil((columns * channels * bitDepth) / 8))
      : sum;
  }, 0);
}

/** First column, first line, column step and line step of each pass of Adam7. */
const adam7Passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

function chunkType(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function concatenate(parts: readonly Uint8Array[]): FileBytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
