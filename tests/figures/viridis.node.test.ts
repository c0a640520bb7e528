/** The colour map: its ends by hand, and what holds for all of it. */
import { expect, it } from 'vitest';
import { inkOn, luminance } from '../../src/figures/contrast.ts';
import { viridis } from '../../src/figures/viridis.ts';

it('begins dark, ends bright, and is cut beyond', () => {
  expect([viridis(-1), viridis(0), viridis(0.5), viridis(1), viridis(2)]).toEqual([
    '#440154',
    '#440154',
    '#21908c',
    '#fde725',
    '#fde725',
  ]);
});

it('carries numbers with a contrast of 4.5:1 at least; brighter is higher, also without colours', () => {
  let before = -1;
  for (let step = 0; step <= 100; step++) {
    const fill = viridis(step / 100);
    const [high, low] = [luminance(fill), luminance(inkOn(fill))].sort((a, b) => b - a);
    expect((high! + 0.05) / (low! + 0.05)).toBeGreaterThanOrEqual(4.5);
    expect(luminance(fill)).toBeGreaterThan(before);
    before = luminance(fill);
  }
});
