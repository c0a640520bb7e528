/** The report's forest plot of differences. */
import { expect, test } from 'vitest';
import { differenceForest } from '../../../../src/exports/report/figures/forest.ts';
import { findings, namesIn } from './cells.ts';

const [first] = findings.comparisons;
const silent = { ...first!, difference: { value: null, low: null, high: null } };

test('names a line once, with its size and what it is compared to; an undefined difference is said', () => {
  const { text } = differenceForest([first!, silent], 0.01);
  const words = namesIn(text);
  expect(words.filter((one) => one === 'vs no pre-training' || one === 'vs image only')).toHaveLength(2);
  expect(words.filter((one) => one.startsWith('n = '))).toHaveLength(1);
  expect(words).toContain('undefined');
  expect(text).toContain('differences under ±0.01 are of no practical interest.');
});

test('says where nothing is defined', () => {
  expect(differenceForest([silent], 0.01).text).toContain('no difference is defined yet');
});
