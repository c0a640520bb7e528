/** Bars of word weights: expectations by hand. */
import { expect, it } from 'vitest';
import { layWordBars } from '../../src/figures/word-bars.ts';

it('words for the label go right of zero, those against it left, the heaviest to the end', () => {
  const word = (text: string, weight: number) => ({ word: text, weight, inPositives: 0.5, inNegatives: 0.1 });
  const { bars, zero, height } = layWordBars([word('effusion', 2), word('clear', -1)], {
    width: 240,
    left: 20,
    right: 20,
    top: 10,
    bottom: 30,
  });
  expect(zero).toBe(120);
  expect(bars.map(({ x, width, y }) => [x, width, y])).toEqual([
    [120, 100, 20],
    [70, 50, 40],
  ]);
  expect(height).toBe(80);
});
