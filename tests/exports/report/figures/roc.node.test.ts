/** The report's ROC curves: what is drawn, what is said, and what is not there. */
import { expect, test } from 'vitest';
import { rocCurves } from '../../../../src/exports/report/figures/roc.ts';
import { armStyles } from '../../../../src/figures/arm-looks.ts';
import { cells, namesIn } from './cells.ts';

test('names each arm, says its AUROC and operating point, and how many films', () => {
  const { text } = rocCurves(cells);
  for (const { arm } of cells) expect(namesIn(text)).toContain(armStyles[arm].label);
  expect(text).toMatch(
    /Image only: AUROC 0\.\d{3} \(0\.\d{3} to 0\.\d{3}\), sensitivity 0\.\d{3}, specificity 0\.700/,
  );
  expect(text).toContain('On 178 test films, 54 positive, of 120 patients.');
});

test('an arm without a curve is left out, and said to be where none has one', () => {
  const [first, ...others] = cells;
  const bare = { ...first!, roc: [] };
  expect(namesIn(rocCurves([bare, ...others]).text)).not.toContain(armStyles[first!.arm].label);
  expect(rocCurves([bare]).text).toContain('not defined on these test patients');
});
