/**
 * EXIF data written after Exif 2.32, and films turned by the picture that the standard draws of each orientation.
 */
import { describe, expect, it } from 'vitest';
import { exifOrientation } from '../../../src/cohort/decoders/exif-orientation.ts';
import { turnUpright, type Orientation } from '../../../src/cohort/decoders/upright.ts';

const little = [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
const big = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0];

function changed(at: number, value: number): Uint8Array {
  return Uint8Array.from(little, (byte, i) => (i === at ? value : byte));
}

describe('exifOrientation', () => {
  it('reads both byte orders', () => {
    expect(exifOrientation(Uint8Array.from(little))).toBe(6);
    expect(exifOrientation(Uint8Array.from(big))).toBe(8);
  });

  it('takes broken data for upright', () => {
    for (let length = 0; length < 22; length++)
      expect(exifOrientation(Uint8Array.from(little.slice(0, length)))).toBe(1);
    for (const broken of [changed(0, 0), changed(2, 43), changed(4, 200), changed(12, 4), changed(18, 9)])
      expect(exifOrientation(broken)).toBe(1);
  });
});

describe('turnUpright', () => {
  // The upright film 1 2 3 / 4 5 6, as each orientation stores it.
  it.each<[Orientation, number, number[]]>([
    [1, 3, [1, 2, 3, 4, 5, 6]],
    [2, 3, [3, 2, 1, 6, 5, 4]],
    [3, 3, [6, 5, 4, 3, 2, 1]],
    [4, 3, [4, 5, 6, 1, 2, 3]],
    [5, 2, [1, 4, 2, 5, 3, 6]],
    [6, 2, [3, 6, 2, 5, 1, 4]],
    [7, 2, [6, 3, 5, 2, 4, 1]],
    [8, 2, [4, 1, 5, 2, 6, 3]],
  ])('%s', (orientation, width, stored) => {
    const film = { width, height: 6 / width, grey: Uint16Array.from(stored), bitDepth: 16 };
    const upright = turnUpright(film, orientation);
    expect([upright.width, upright.height, ...upright.grey]).toEqual([3, 2, 1, 2, 3, 4, 5, 6]);
  });
});
