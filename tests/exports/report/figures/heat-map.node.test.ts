/** The report's heat map of λ × τ. */
import { expect, test } from 'vitest';
import { heatMap } from '../../../../src/exports/report/figures/heat-map.ts';
import { findings, namesIn } from './cells.ts';

const grid = findings.grids[0]!;
const candidate = {
  lambda: 0.5,
  temperature: 2,
  validationAuroc: 0.75,
  standardDeviation: null,
  chosenBy: 2,
  seeds: 3,
};

test('writes each number in the ink that its ground asks for, and says who was chosen', () => {
  const dark = { ...candidate, temperature: 4, validationAuroc: 0.6, chosenBy: 0 };
  const { text } = heatMap({ ...grid, candidates: [candidate, dark] }, [0.6, 0.75]);
  expect(namesIn(text)).toEqual(expect.arrayContaining(['0.750', '★ 2 of 3', '0.600']));
  expect(text).toMatch(/fill="#fde725"[^]*fill:#000000[^]*fill="#440154"[^]*fill:#ffffff/);
  expect(text).toContain('λ 0.5, τ 2: 0.750, chosen by 2 of 3 seeds; λ 0.5, τ 4: 0.600');
});

test('a field without a number has no colour', () => {
  const { text } = heatMap({ ...grid, candidates: [{ ...candidate, validationAuroc: null }] }, null);
  expect(text).toMatch(/class="empty"[^]*fill="none"/);
  expect(heatMap({ ...grid, candidates: [] }, null).text).toContain('no candidate is finished');
});
