/**
 * Films made in the test: PNG by fast-png's encoder, JPEG by the browser's.
 */
import { encode, type ImageData } from 'fast-png';

export function pngBytes(image: ImageData, interlace: 'null' | 'Adam7' = 'null'): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encode(image, { interlace }));
}

export function greyPng(
  width: number,
  height: number,
  level: (x: number, y: number) => number,
  depth: 8 | 16 = 8,
): Uint8Array<ArrayBuffer> {
  const data = new (depth === 16 ? Uint16Array : Uint8Array)(width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[y * width + x] = level(x, y);
  return pngBytes({ width, height, data, depth, channels: 1 });
}

/** A JPEG of one colour, as a CSS colour. */
export async function jpegBytes(
  width: number,
  height: number,
  colour: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  context.fillStyle = colour;
  context.fillRect(0, 0, width, height);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 1 });
  return new Uint8Array(await blob.arrayBuffer());
}

/** The bytes with some of them changed. */
export function withBytes(bytes: Uint8Array, offset: number, ...values: number[]): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  copy.set(values, offset);
  return copy;
}

/** A PNG file with one more chunk before its pixel data, or behind them. */
export function withChunk(
  png: Uint8Array,
  chunk: Uint8Array,
  where: 'before' | 'behind',
): Uint8Array<ArrayBuffer> {
  const at = where === 'before' ? 33 : png.length - 12;
  return new Uint8Array([...png.subarray(0, at), ...chunk, ...png.subarray(at)]);
}

/** A PNG chunk with its length and checksum. */
export function checkedChunk(type: string, content: readonly number[]): Uint8Array {
  const chunk = new Uint8Array(12 + content.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, content.length);
  chunk.set([...[...type].map((letter) => letter.charCodeAt(0)), ...content], 4);
  view.setUint32(8 + content.length, crc32(chunk.subarray(4, 8 + content.length)));
  return chunk;
}

/** CRC-32 by the PNG standard's definition, bit by bit. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
