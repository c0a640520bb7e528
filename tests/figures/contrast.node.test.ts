/** Contrast of colours, against values of WCAG. */
import { expect, it } from 'vitest';
import { inkOn, luminance } from '../../src/figures/contrast.ts';

it('black has no luminance, white all, pure green 0.7152', () => {
  expect([luminance('#000000'), luminance('#ffffff'), luminance('#00ff00')]).toEqual([0, 1, 0.7152]);
});

it('words are dark on bright ground and bright on dark ground', () => {
  expect([inkOn('#ffffff'), inkOn('#fde725'), inkOn('#440154'), inkOn('#000000')]).toEqual([
    '#000000',
    '#000000',
    '#ffffff',
    '#ffffff',
  ]);
});
