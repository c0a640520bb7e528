/**
 * The chunks of a PNG file, walked without unpacking anything: what the file claims, and whether it can be true.
 * Source: W3C, "Portable Network Graphics (PNG) Specification (Third Edition)", section 5, https://www.w3.org/TR/png-3/.
 */
import { InputError } from '../../errors.ts';
import { beginsWith, type FileBytes, type FilmSize } from './decoder.ts';

/** The eight bytes that begin each PNG file. */
export const pngSignature = [137, 80, 78, 71, 13, 10, 26, 10] as const;

/** What the first chunk, IHDR, states. */
export interface PngHeader extends FilmSize {
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

/** Walks all chunks. @throws InputError when one is cut short, the header comes twice, or data or end are missing. */
export function pickPixelChunks(bytes: FileBytes): PixelChunks {
  const kept: FileBytes[] = [bytes.subarray(0, 8)];
  const compressed: FileBytes[] = [];
  let headers = 0;
  for (let offset = 8; ;) {
    const length = offset + 12 <= bytes.length ? viewOf(bytes).getUint32(offset) : Infinity;
    if (offset + 12 + length > bytes.length)
      throw new InputError('The PNG file is cut short; copy or export the film again.');
    const type = chunkType(bytes, offset);
    if (pixelChunks.includes(type)) kept.push(bytes.subarray(offset, offset + 12 + length));
    if (type === 'IDAT') compressed.push(bytes.subarray(offset + 8, offset + 8 + length));
    if (type === 'IHDR') headers++;
    if (type === 'IEND') break;
    offset += 12 + length;
  }
  if (headers !== 1 || compressed.length === 0)
    throw new InputError('The PNG file has no pixel data, or two headers; copy or export the film again.');
  return { file: concatenate(kept), compressed };
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
