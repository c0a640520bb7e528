/** Words stand outside of the plotting area, and names in its middle. By hand. */
import { expect, it } from 'vitest';
import { layAxes, layXGrid } from '../../src/figures/axes.ts';
import { box } from './boxes.ts';

it('axes stand around the plotting area', () => {
  expect(layAxes(box)).toEqual({
    left: 20,
    right: 120,
    bottom: 110,
    markEnd: 114,
    xTickY: 127,
    yTickX: 12,
    xName: { x: 70, y: 124 },
    yName: { x: 13, y: 60 },
  });
});

it('a grid has its ticks below and its name in the middle', () => {
  expect(layXGrid(box)).toMatchObject({ bottom: 110, xTickY: 126, name: { x: 70, y: 122 } });
});
