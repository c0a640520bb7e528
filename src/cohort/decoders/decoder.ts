/**
 * What a decoder is: it tells its format by the first bytes, says an image's size before anything is unpacked, and yields grey levels.
 */
import { InputError } from '../../errors.ts';

/** Grey levels of one image, row by row from the top left. Larger is brighter. */
export interface DecodedImage {
  /** Width in px. */
  readonly width: number;
  /** Height in px. */
  readonly height: number;
  /** height × width grey levels: bytes, 16-bit levels, or real numbers. */
  readonly grey: Uint8Array | Uint16Array | Float32Array;
  /** Bits of a grey level as the file keeps it. */
  readonly bitDepth: number;
  /** A sentence when the file can be read but looks damaged; absent or null when nothing speaks against it. */
  readonly doubt?: string | null;
}

/** Width and height in px. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** The content of a file. */
export type FileBytes = Uint8Array<ArrayBuffer>;

/** One file format; a new one is one file and one registry line. */
export interface Decoder {
  readonly name: string;
  /** The format as people call it. */
  readonly label: string;
  /** Whether the first bytes are those of the format, whatever the file is called. */
  recognises(bytes: FileBytes): boolean;
  /** The size that the header states. @throws InputError when the header is broken. */
  size(bytes: FileBytes): ImageSize;
  /** Grey levels of the image. @throws InputError when the content is broken or missing. */
  decode(bytes: FileBytes): Promise<DecodedImage>;
}

/** Images of more pixels are refused before they are unpacked: 64 megapixels, eight times a large chest image. */
export const maxPixels = 64_000_000;

/** The longest side in px that is unpacked. */
export const maxSide = 32_767;

/** An image that takes longer to decode is given up. */
export const decodeLimitMs = 20_000;

/** Checks that an image of this size can be unpacked. @throws InputError for an empty or a huge image. */
export function checkSize({ width, height }: ImageSize): void {
  if (!(width >= 1 && height >= 1))
    throw new InputError(
      `The header states ${width} × ${height} px, which is no film; export the film again from its source.`,
    );
  if (width * height > maxPixels || Math.max(width, height) > maxSide)
    throw new InputError(
      `The header states ${width} × ${height} px; films of at most 64 megapixels and ${maxSide} px a side are read. ` +
        'Make the film smaller, or leave it out if it should not be that large.',
    );
}

/** Whether a file begins with these bytes. */
export function beginsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return bytes.length >= signature.length && signature.every((byte, i) => bytes[i] === byte);
}
