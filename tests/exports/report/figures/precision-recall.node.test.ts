/** The report's precision-recall curves: what is drawn, what is said, and what is not there. */
import { expect, test } from 'vitest';
import { precisionRecallCurves } from '../../../../src/exports/report/figures/precision-recall.ts';
import { armStyles } from '../../../../src/figures/arm-looks.ts';
import { cells, namesIn } from './cells.ts';

test('draws steps with the operating point, and says the prevalence', () => {
  const { text } = precisionRecallCurves(cells);
  for (const { arm } of cells) expect(namesIn(text)).toContain(armStyles[arm].label);
  expect(text).toContain('Dashed: 0.30, the share of positive films');
  expect(text).toMatch(/Image only: AUPRC 0\.\d{3} \(/);
});

test('says where there is none', () => {
  expect(precisionRecallCurves([{ ...cells[0]!, precisionRecall: [] }]).text).toContain('not measured');
});
