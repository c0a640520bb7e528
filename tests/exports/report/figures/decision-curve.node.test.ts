/** The report's decision curves: what is drawn, what is said, and what is not there. */
import { expect, test } from 'vitest';
import { decisionCurves } from '../../../../src/exports/report/figures/decision-curve.ts';
import { armStyles } from '../../../../src/figures/arm-looks.ts';
import { cells, namesIn } from './cells.ts';

test('names each arm, treating all and treating none, and says three thresholds', () => {
  const { text } = decisionCurves(cells, '90 % CI');
  for (const { arm } of cells) expect(namesIn(text)).toContain(armStyles[arm].label);
  expect(namesIn(text)).toEqual(expect.arrayContaining(['treat all', 'treat none']));
  expect(text).toMatch(/Image only: net benefit \S+ at 0\.\d\d, \S+ at 0\.\d\d/);
  expect(text).toContain('Band: 90 % CI over patients.');
});

test('says where there is none', () => {
  expect(decisionCurves([{ ...cells[0]!, decisionCurve: [] }], '').text).toContain('not measured');
});
