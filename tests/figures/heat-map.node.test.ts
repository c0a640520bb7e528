/** The heat map of λ × τ: expectations by hand. */
import { describe, expect, it } from 'vitest';
import { aurocRange, heatMapBox, layHeatMap } from '../../src/figures/heat-map.ts';
import type { GridCandidate } from '../../src/study/findings/findings.ts';
import { box, findings } from './boxes.ts';

const candidate = (lambda: number, temperature: number, validationAuroc: number | null): GridCandidate => ({
  lambda,
  temperature,
  validationAuroc,
  standardDeviation: null,
  chosenBy: 0,
  seeds: 1,
});
const grid = {
  ...findings.grids[0]!,
  candidates: [candidate(0.9, 1, 0.8), candidate(0.3, 4, 0.6), candidate(0.3, 1, null)],
};

describe('heat map', () => {
  it('puts λ upwards, τ to the right, and leaves what is undefined without a colour', () => {
    const { cells } = layHeatMap(grid, aurocRange([grid]), box);
    expect(cells.map(({ x, y, width, height }) => [x, y, width, height])).toEqual([
      [20, 10, 50, 50],
      [70, 60, 50, 50],
      [20, 60, 50, 50],
    ]);
    expect(cells.map(({ fill }) => fill)).toEqual(['#fde725', '#440154', null]);
    expect(cells.map(({ words }) => words)).toEqual([
      [{ text: '0.800', y: 35 }],
      [{ text: '0.600', y: 85 }],
      [{ text: 'undefined', y: 85 }],
    ]);
  });

  it('says the spread over seeds and who was chosen, around the middle of the field', () => {
    const chosen = { ...candidate(0.5, 2, 0.75), standardDeviation: 0.011, chosenBy: 2, seeds: 3 };
    const [cell] = layHeatMap({ ...grid, candidates: [chosen] }, null, box).cells;
    expect(cell!.words).toEqual([
      { text: '0.750', y: 43 },
      { text: '± 0.011', y: 60 },
      { text: '★ 2 of 3', y: 77 },
    ]);
  });

  it('has no scale when nothing is defined', () => {
    expect(aurocRange([{ ...grid, candidates: [candidate(1, 1, null)] }])).toBeNull();
  });

  it('has a row for each λ', () => expect(heatMapBox(grid).height).toBe(66 + 2 * 58));
});
