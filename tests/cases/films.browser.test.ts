/**
 * Films that people really have, each against what its case says is right; grey levels are Pillow 12.3's.
 */
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/cohort/decoders/registry.ts';
import { percentiles } from '../../src/cohort/intensity.ts';
import { squareImage } from '../../src/cohort/square.ts';
import { browserCases, type BrowserCase } from '../fixtures/browser-cases.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Tries a case from each place that has it; a collection that is not beside the repository is not missed. */
async function eachCase(
  name: string,
  check: (file: (path: string) => Bytes) => Promise<void>,
): Promise<void> {
  const places: BrowserCase[] = await browserCases(name);
  for (const { files } of places) {
    await check((path) => {
      const found = files.find((file) => file.path === path);
      if (!found) throw new Error(`${name} has no ${path}`);
      return found.bytes;
    });
  }
}

async function squareOf(bytes: Bytes, side = 256): Promise<Uint8Array> {
  return squareImage(await decodeImage(bytes), side, 'crop');
}

/** Levels at columns and lines 0, 85, 170 and 255 of a film of 256 × 256 px. */
function samples(grey: ArrayLike<number>): number[] {
  return [0, 85, 170, 255].flatMap((y) => [0, 85, 170, 255].map((x) => grey[y * 256 + x]!));
}

function expectNear(got: readonly number[], wanted: readonly number[], tolerance: number): void {
  got.forEach((level, i) =>
    expect(Math.abs(level - wanted[i]!), `sample ${i}`).toBeLessThanOrEqual(tolerance),
  );
}

/** Case 44's whole film; case 48 has the same in other files. */
const film = [62, 108, 158, 210, 65, 114, 164, 214, 49, 107, 148, 194, 79, 128, 182, 225];

describe('films that people have', () => {
  it('12-lfs-pointers: pointers are told as such, and how to get the films', () =>
    eachCase('12-lfs-pointers', async (file) => {
      for (const i of [0, 1, 2, 3, 4])
        await expect(decodeImage(file(`images/f${i}.png`))).rejects.toThrow(/Git LFS.*git lfs pull/);
      expect((await decodeImage(file('images/f5.png'))).width).toBeGreaterThan(0);
    }));

  it('18-names-as-people-write-them: a film is told by its bytes', () =>
    eachCase('18-names-as-people-write-them', async (file) => {
      for (const path of [
        '10_IM-0002-1001.dcm.png',
        'images/Sub One/B.JPEG',
        'images/c.Png',
        'd.png',
        '1.2.840.7.1.png',
      ])
        expect((await decodeImage(file(path))).grey.length).toBeGreaterThan(0);
    }));

  it('44-half-a-jpeg: only the whole film is taken', () =>
    eachCase('44-half-a-jpeg', async (file) => {
      const whole = await decodeImage(file('whole.jpg'));
      expect(whole.doubt).toBeNull();
      expectNear(samples(whole.grey), film, 1);
      for (const path of ['cut_with_eoi.jpg', 'hole.jpg', 'zero_tail.jpg', 'cut.jpg', 'progressive_cut.jpg'])
        await expect(decodeImage(file(path)), path).rejects.toThrow(
          /damaged or cut short.*[Cc]opy or export/,
        );
    }));

  it('45-deep-film-with-a-border: the anatomy keeps at least half of the grey levels', () =>
    eachCase('45-deep-film-with-a-border', async (file) => {
      const plain = await decodeImage(file('deep12.png'));
      const [from, to] = percentiles(squareImage(plain, 256, 'crop'), [5, 95]) as [number, number];
      expectNear([from, to], [33, 234], 1);
      for (const path of ['deep12_padded_high.png', 'deep_signed_offset_zero_border.png']) {
        const { width, height, grey } = await decodeImage(file(path));
        const bytes = squareImage({ width, height, grey }, width, 'crop');
        const inside = bytes.filter((_, i) => grey[i] !== 0 && grey[i] !== 65535);
        const [low, high] = percentiles(inside, [5, 95]) as [number, number];
        expect(high - low, path).toBeGreaterThanOrEqual(128);
      }
    }));

  it('46-deep-film-turned-by-exif: all stand upright', () =>
    eachCase('46-deep-film-turned-by-exif', async (file) => {
      const upright = [255, 255, 255, 255, 16, 28, 165, 214, 11, 25, 149, 190, 19, 32, 182, 223];
      for (const path of ['upright.png', 'turned8.png', 'turned16.png', 'turned.jpg'])
        expectNear(samples(await squareOf(file(path))), upright, 6);
    }));

  it('47-files-that-are-no-films: each is told for what it is', () =>
    eachCase('47-files-that-are-no-films', async (file) => {
      await expect(decodeImage(file('html.jpg'))).rejects.toThrow(/a web page.*download the film again/);
      await expect(decodeImage(file('zeros.png'))).rejects.toThrow(/nothing but zeros.*again/);
      await expect(decodeImage(file('film_tiff.png'))).rejects.toThrow(/a TIFF file.*convert it/);
      await expect(decodeImage(file('film.jp2'))).rejects.toThrow(/a JPEG 2000 file.*convert it/);
    }));

  it('48-films-that-are-read-right: levels as Pillow has them', () =>
    eachCase('48-films-that-are-read-right', async (file) => {
      expectNear(samples((await decodeImage(file('icc_srgb_grey_as_rgb.jpg'))).grey), film, 1);
      expectNear(samples((await decodeImage(file('cmyk.jpg'))).grey), film, 2);
      const palette = [71, 109, 155, 214, 71, 119, 165, 214, 44, 99, 147, 187, 71, 128, 187, 214];
      expect(samples((await decodeImage(file('palette.png'))).grey)).toEqual(palette);
      const bits = [0, 255, 0, 255, 0, 255, 0, 255, 0, 0, 0, 255, 0, 255, 255, 255];
      expect(samples((await decodeImage(file('onebit.png'))).grey)).toEqual(bits);
      const deep = [
        976, 1776, 2544, 3328, 1072, 1840, 2640, 3424, 752, 1648, 2384, 3040, 1248, 2080, 2912, 3568,
      ];
      expect(samples((await decodeImage(file('sbit12.png'))).grey)).toEqual(deep);
      expect((await decodeImage(file('alpha_zero.png'))).grey.every((level) => level === 0)).toBe(true);
      for (const path of ['big.jpg', 'big16.png']) {
        const { width, height, doubt } = await decodeImage(file(path));
        expect([width, height, doubt ?? null]).toEqual([4000, 5000, null]);
      }
    }));
});
