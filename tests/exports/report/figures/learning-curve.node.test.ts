/** The report's learning curves, by arm and by pre-training. */
import { expect, test } from 'vitest';
import { learningCurves, pretrainingCurves } from '../../../../src/exports/report/figures/learning-curve.ts';
import { armStyles } from '../../../../src/figures/arm-looks.ts';
import { pretrainingLooks } from '../../../../src/figures/pretraining-looks.ts';
import { cells, findings, namesIn } from './cells.ts';

test('names each arm at the end of its line, and says each AUROC with its size', () => {
  const { text } = learningCurves(
    findings.cells.filter(({ pretraining }) => pretraining === 'none'),
    '95 % CI',
  );
  for (const { arm } of cells) expect(namesIn(text)).toContain(armStyles[arm].label);
  expect(text).toMatch(/Image only: n = 50: 0\.\d{3} \([^)]*\), n = 360: 0\.\d{3}/);
  expect(text).toContain('class="band ink-black"');
});

test('pre-trainings have no bands', () => {
  const baselines = findings.cells.filter(({ arm }) => arm === 'imageOnly');
  const { text } = pretrainingCurves(baselines, pretrainingLooks(findings.config.pretrainings), '95 % CI');
  expect(namesIn(text)).toEqual(expect.arrayContaining(['no pre-training', 'clip']));
  expect(text).not.toContain('class="band');
});

test('says where AUROC is not defined', () => {
  expect(learningCurves([{ ...cells[0]!, metrics: {} }], '').text).toContain('AUROC is not defined');
});
