/** The report's reliability panels. */
import { expect, test } from 'vitest';
import { reliability } from '../../../../src/exports/report/figures/reliability.ts';
import { armStyles } from '../../../../src/figures/arm-looks.ts';
import { cells, namesIn } from './cells.ts';

test('has a panel an arm, three side by side, with the ECE of each in words', () => {
  const { text } = reliability(cells, '95 % CI');
  for (const { arm } of cells) expect(namesIn(text)).toContain(armStyles[arm].label);
  expect([...text.matchAll(/<g transform="translate\(([^)]*)\)"/g)].map(([, at]) => at)).toEqual([
    '0 0',
    '270 0',
    '540 0',
    '0 280',
    '270 280',
  ]);
  expect(text).toMatch(/Image only: ECE 0\.\d{3} \(/);
  expect(text).toContain('Bars: 95 % CI of each bin');
});

test('says where there is none', () => {
  expect(reliability([{ ...cells[0]!, calibration: null }], '').text).toContain('not measured');
});
