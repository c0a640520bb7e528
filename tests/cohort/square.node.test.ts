/**
 * Squares of bytes from films of any shape and depth.
 */
import { describe, expect, it } from 'vitest';
import { percentiles } from '../../src/cohort/intensity.ts';
import { squareImage } from '../../src/cohort/square.ts';

describe('squareImage', () => {
  const wide = { width: 6, height: 2, grey: Uint8Array.of(9, 9, 1, 2, 9, 9, 9, 9, 3, 4, 9, 9) };

  it('keeps the middle', () => {
    expect([...squareImage(wide, 2, 'crop')]).toEqual([1, 2, 3, 4]);
  });

  it('adds black on both sides of the shorter side', () => {
    const square = squareImage({ width: 4, height: 2, grey: new Uint8Array(8).fill(7) }, 4, 'pad');
    expect([...square]).toEqual([0, 0, 0, 0, 7, 7, 7, 7, 7, 7, 7, 7, 0, 0, 0, 0]);
  });

  it('shows a film with 12 bits in 16: its range is spread over all grey levels', () => {
    const grey = Uint16Array.from({ length: 4096 }, (_, i) => i);
    const square = squareImage({ width: 64, height: 64, grey }, 64, 'crop');
    // 0.5th and 99.5th percentile of 0…4095 are 20.475 and 4074.525; the middle level 2048 lies at 127.5 of 255 give or take rounding.
    expect([square[0], square[20], square[4095], square[4075]]).toEqual([0, 0, 255, 255]);
    expect(Math.abs(square[2048]! - 127.5)).toBeLessThanOrEqual(1);
  });

  it('is not flattened by a few extreme pixels', () => {
    const grey = Uint16Array.from({ length: 10_000 }, (_, i) => (i < 3 ? 65535 : 1000 + (i % 1000)));
    expect(percentiles(squareImage({ width: 100, height: 100, grey }, 100, 'crop'), [50])[0]).toBeGreaterThan(
      100,
    );
  });

  it('survives films of one level, of one pixel, and real-valued films with NaN', () => {
    expect([...squareImage({ width: 2, height: 2, grey: new Uint16Array(4).fill(900) }, 2, 'crop')]).toEqual([
      0, 0, 0, 0,
    ]);
    expect([...squareImage({ width: 1, height: 1, grey: Uint8Array.of(5) }, 2, 'pad')]).toEqual([5, 5, 5, 5]);
    expect([...squareImage({ width: 2, height: 1, grey: Float32Array.of(NaN, 3) }, 1, 'crop')]).toHaveLength(
      1,
    );
    const holed = squareImage({ width: 2, height: 2, grey: Float32Array.of(NaN, 0, 1, Infinity) }, 2, 'crop');
    expect([...holed]).toEqual([0, 0, 255, 0]);
  });

  it('does not blow up a film of one line', () => {
    const line = { width: 30_000, height: 1, grey: new Uint8Array(30_000).fill(3) };
    expect(squareImage(line, 64, 'crop')).toHaveLength(64 * 64);
    expect(squareImage(line, 64, 'pad')).toHaveLength(64 * 64);
  });
});
