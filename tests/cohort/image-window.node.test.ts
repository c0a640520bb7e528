/**
 * Windows of images with and without padding. The anatomy is drawn, so where it is and how much it spreads is known.
 */
import { describe, expect, it } from 'vitest';
import { imageWindow, hasLittleContrast } from '../../src/cohort/image-window.ts';
import { percentiles } from '../../src/cohort/intensity.ts';
import type { Grey } from '../../src/cohort/resize.ts';
import { Random } from '../../src/random/random.ts';

const [width, height] = [160, 200];
const random = new Random('anatomy');
/** 12 bits: waves and noise around 2,000. */
const anatomy = Uint16Array.from({ length: width * height }, (_, i) => {
  const [x, y] = [i % width, Math.floor(i / width)];
  return Math.round(2000 + 900 * Math.sin(x / 25) * Math.cos(y / 31) + 150 * random.normal());
});

/** Draws `level` over some pixels, and says how many of 256 levels the 5th to 95th percentile of the others get. */
function levelsOfAnatomy(level: (x: number, y: number) => number | null, offset = 0): number {
  const drawn = Array.from(anatomy, (_, i) => level(i % width, Math.floor(i / width)));
  const grey = anatomy.map((base, i) => drawn[i] ?? base + offset);
  return spread(
    grey,
    grey.filter((_, i) => drawn[i] === null),
  );
}

function spread(grey: Grey, seen: Grey): number {
  const [low, high] = imageWindow({ width, height, grey });
  const byte = (value: number): number => 255 * Math.min(1, Math.max(0, (value - low) / (high - low)));
  const [from, to] = percentiles(seen, [5, 95]) as [number, number];
  return byte(to) - byte(from);
}

describe('imageWindow', () => {
  it('is the 0.5th to 99.5th percentile of a film without padding', () => {
    const black = anatomy.map((level) => Math.max(0, level - 1800)); // a third is 0, and 1, 2, 3 … follow
    const bright = anatomy.map((level) => Math.min(2400, level)); // overexposed
    for (const grey of [anatomy, black, bright, Uint16Array.of(7, 7, 7, 9)])
      expect(imageWindow({ width, height, grey })).toEqual(percentiles(grey, [0.5, 99.5]));
  });

  it.each([0, 65535, 60_000, 5000])(
    'leaves out a frame of %s on any sides, with and without an offset',
    (frame) => {
      for (const offset of [0, 32_768]) {
        expect(levelsOfAnatomy((_x, y) => (y < 6 ? frame : null), offset)).toBeGreaterThan(128);
        expect(levelsOfAnatomy((x) => (x < 60 ? frame : null), offset)).toBeGreaterThan(128);
        const beam = (x: number, y: number): boolean => x > 45 && x < 110 && y > 60 && y < 150;
        expect(levelsOfAnatomy((x, y) => (beam(x, y) ? null : frame), offset)).toBeGreaterThan(128);
      }
    },
  );

  it('leaves out corners of a turned film, letters, a label, and two frames in one another', () => {
    const inTurned = (x: number, y: number): boolean => Math.abs(x - 80) + Math.abs(y - 100) < 120;
    expect(levelsOfAnatomy((x, y) => (inTurned(x, y) ? null : 65535))).toBeGreaterThan(128);
    const inLetters = (x: number, y: number): boolean => y > 8 && y < 20 && x > 8 && x < 80 && x % 5 < 2;
    expect(levelsOfAnatomy((x, y) => (inLetters(x, y) ? 65535 : null))).toBeGreaterThan(128);
    expect(levelsOfAnatomy((x, y) => (x > 120 && y > 180 ? 65535 : null))).toBeGreaterThan(128);
    const distance = (x: number, y: number): number => Math.min(x, y, width - 1 - x, height - 1 - y);
    const frames = (x: number, y: number): number | null =>
      distance(x, y) < 9 ? 65535 : distance(x, y) < 11 ? 0 : null;
    expect(levelsOfAnatomy(frames, 32_768)).toBeGreaterThan(128);
  });

  it('leaves out a frame that was smoothed into the film', () => {
    const grey = anatomy.map((base, i) => {
      const share = Math.min(1, Math.max(0, (14 - (i % width)) / 3));
      return Math.round(base * (1 - share) + 65535 * share);
    });
    expect(spread(grey, anatomy)).toBeGreaterThan(128);
  });

  it('leaves out a frame of real numbers', () => {
    const grey = Float32Array.from(anatomy, (base, i) => (i % width < 20 ? -20_000 : base / 7));
    expect(
      spread(
        grey,
        grey.filter((level) => level > -20_000),
      ),
    ).toBeGreaterThan(128);
  });

  it('keeps all levels of a drawing', () => {
    const grey = Uint16Array.from({ length: width * height }, (_, i) => [0, 10_000, 11_000, 65535][i % 4]!);
    expect(imageWindow({ width, height, grey })).toEqual([0, 65535]);
  });
});

describe('hasLittleContrast', () => {
  it('looks at what is neither black nor white', () => {
    const bytes = (level: (i: number) => number): Uint8Array =>
      Uint8Array.from({ length: 1000 }, (_, i) => level(i));
    expect(hasLittleContrast(bytes((i) => (i < 200 ? 255 : 2 + (i % 10))))).toBe(true);
    expect(hasLittleContrast(bytes((i) => (i < 600 ? 0 : i % 200)))).toBe(false);
    expect(hasLittleContrast(bytes((i) => (i % 2) * 255))).toBe(false);
  });
});
