/**
 * Means of blocks as sound and damaged files have them; what is expected is drawn, so its truth is known.
 */
import { describe, expect, it } from 'vitest';
import { doubtMeans } from '../../../src/cohort/decoders/dc-plausibility.ts';
import { Random } from '../../../src/random/random.ts';

const [columns, lines] = [80, 60];
const component = {
  id: 1,
  across: 1,
  down: 1,
  quantisation: 0,
  columns,
  lines,
  stride: columns,
  blocks: columns * lines,
};

/** Grey levels of 80 × 60 blocks, with noise of some levels; a DC of 8 · (level − 128) at step 1. */
function doubt(level: (x: number, y: number) => number): string | null {
  const random = new Random('means');
  const dc = Int32Array.from({ length: component.blocks }, (_, i) =>
    Math.round(8 * (level(i % columns, Math.floor(i / columns)) - 128 + random.uniform(-4, 4))),
  );
  return doubtMeans([{ component, dc, step: 1 }]);
}

const chest = (x: number, y: number): number => 110 + 50 * Math.sin(x / 9) * Math.cos(y / 13);

describe('doubtMeans', () => {
  it('passes a film, a frame, a tilted frame, and a film whose lower half is brighter', () => {
    expect(doubt(chest)).toBeNull();
    expect(doubt((x, y) => (x < 9 || y < 7 || x > 70 || y > 50 ? 5 : chest(x, y)))).toBeNull();
    for (const slope of [0.004, 0.02, 0.1, 0.5])
      // The edge covers a part of each block that it crosses.
      expect(
        doubt((x, y) => chest(x, y) + 60 * Math.min(1, Math.max(0, y - 20 - slope * x))),
        `slope ${slope}`,
      ).toBeNull();
    expect(doubt((x, y) => chest(x, y) + (y >= 30 ? 40 : 0))).toBeNull();
  });

  it.each([25, -25, 60])('doubts a film that is %s levels brighter from the middle of a line on', (step) => {
    expect(doubt((x, y) => chest(x, y) + (y * columns + x >= 30 * columns + 37 ? step : 0))).toMatch(
      /jumps in the middle of a line/,
    );
  });

  it('doubts means below black and above white, but for rounding', () => {
    expect(doubt((x, y) => (x === 4 && y === 4 ? -10 : 100))).toMatch(/darker or brighter/);
    expect(doubt((x, y) => (x === 4 && y === 4 ? 265 : 100))).toMatch(/darker or brighter/);
    const white = { component, dc: new Int32Array(component.blocks).fill(26), step: 40 }; // 258: 255 at a step of 5 levels
    expect(doubtMeans([white])).toBeNull();
  });
});
