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
