/** Ranges, ticks and labels: expectations by hand, and properties that hold for any data. */
import { scaleLinear } from 'd3-scale';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceTick, spreadLabels, ticksOf, valueRange } from '../../src/figures/plot-box.ts';

describe('labels beside curves', () => {
  it('never cover one another and keep their order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { minLength: 1, maxLength: 7 }),
        (wanted) => {
          const placed = spreadLabels(wanted, 15, 0, 300);
          const pairs = placed
            .map((at, index) => [wanted[index]!, at] as const)
            .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
          for (let i = 1; i < pairs.length; i++)
            expect(pairs[i]![1] - pairs[i - 1]![1]).toBeGreaterThanOrEqual(15 - 1e-9);
          for (const at of placed) expect(at >= -1e-9 && at <= 300 + 1e-9).toBe(true);
        },
      ),
    );
  });
});

describe('value range', () => {
  it('rounds outwards to steps', () => {
    const [low, high] = valueRange([0.61, 0.84, null], 0.05, [0, 1]);
    expect(low).toBeCloseTo(0.6, 12);
    expect(high).toBeCloseTo(0.85, 12);
  });

  it('takes the fallback when nothing is defined', () => {
    expect(valueRange([null], 0.05, [0.5, 1])).toEqual([0.5, 1]);
  });
});

describe('ticks', () => {
  it('have the digits that are asked for, with a true minus', () => {
    const ticks = ticksOf(scaleLinear([-0.1, 0.1], [0, 100]), 2, differenceTick);
    expect(ticks.map(({ text }) => text)).toEqual(['−0.10', '−0.05', '0', '+0.05', '+0.10']);
    expect(ticks.map(({ at }) => Math.round(at))).toEqual([0, 25, 50, 75, 100]);
  });

  it('have more digits where they could not be told apart', () => {
    const ticks = ticksOf(scaleLinear([-0.01, 0.01], [0, 100]), 2, differenceTick);
    expect(ticks.map(({ text }) => text)).toEqual(['−0.010', '−0.005', '0', '+0.005', '+0.010']);
  });

  it('are told apart on any range', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: 1e-4, max: 2, noNaN: true }),
        (low, width) => {
          const texts = ticksOf(scaleLinear([low, low + width], [0, 100]), 2).map(({ text }) => text);
          expect(new Set(texts).size).toBe(texts.length);
        },
      ),
    );
  });
});
