/**
 * PNG films with EXIF data: 16 bits and 8 bits stand as the browser shows the 8-bit film.
 */
import { describe, expect, it } from 'vitest';
import { decodeNatively } from '../../../src/cohort/decoders/native.ts';
import { decodeImage } from '../../../src/cohort/decoders/registry.ts';
import { checkedChunk, greyPng, withChunk } from './films.ts';

/** A 3 × 2 film whose pixels are all different. */
const film = (depth: 8 | 16): Uint8Array<ArrayBuffer> =>
  greyPng(3, 2, (x, y) => (10 + 40 * x + 100 * y) * (depth === 16 ? 257 : 1), depth);

const exif = (orientation: number): Uint8Array =>
  checkedChunk('eXIf', [
    ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1],
    ...[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0],
    ...[0, 0, 0, 0],
  ]);

async function shown(bytes: Uint8Array<ArrayBuffer>): Promise<number[]> {
  const { width, height, grey, bitDepth } = await decodeImage(bytes);
  return [width, height, ...Array.from(grey, (level) => level / (bitDepth === 16 ? 257 : 1))];
}

describe.each([1, 2, 3, 4, 5, 6, 7, 8])('orientation %s', (orientation) => {
  it('is that of the browser, in 8 and 16 bits, before and behind the pixels', async () => {
    const browser = await decodeNatively(withChunk(film(8), exif(orientation), 'before'), 'image/png');
    const wanted = [browser.width, browser.height, ...browser.grey];
    for (const depth of [8, 16] as const) {
      for (const where of ['before', 'behind'] as const)
        expect(await shown(withChunk(film(depth), exif(orientation), where)), `${depth} ${where}`).toEqual(
          wanted,
        );
    }
  });
});

it('broken EXIF data turn nothing and cost nothing', async () => {
  const upright = await shown(film(16));
  const wrongChecksum = exif(6);
  wrongChecksum[wrongChecksum.length - 1]! ^= 1;
  for (const chunk of [
    exif(9),
    wrongChecksum,
    checkedChunk('eXIf', [0x49, 0x49, 42]),
    checkedChunk('eXIf', []),
  ])
    for (const depth of [8, 16] as const)
      expect(await shown(withChunk(film(depth), chunk, 'before'))).toEqual(upright);
});

it('a wrong checksum of the pixels of an 8-bit film is doubted, and one of 16 bits refused', async () => {
  for (const depth of [8, 16] as const) {
    const bytes = film(depth);
    const end = bytes.length - 12;
    const begin = bytes.findIndex((_, i) => String.fromCharCode(...bytes.subarray(i, i + 4)) === 'IDAT');
    const data = [...bytes.subarray(begin + 4, end - 4)];
    data[data.length - 1]! ^= 1;
    const damaged = new Uint8Array([
      ...bytes.subarray(0, begin - 4),
      ...checkedChunk('IDAT', data),
      ...bytes.subarray(end),
    ]);
    if (depth === 8) expect((await decodeImage(damaged)).doubt).toMatch(/checksum.*look at it/);
    else await expect(decodeImage(damaged)).rejects.toThrow(/damaged/);
  }
  expect((await decodeImage(film(8))).doubt).toBeNull();
});
