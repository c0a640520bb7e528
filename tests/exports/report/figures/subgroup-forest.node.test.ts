/** The report's forest plot of groups: what is drawn, what is said, and what is not there. */
import { expect, test } from 'vitest';
import { subgroupForest } from '../../../../src/exports/report/figures/subgroup-forest.ts';
import { armStyles } from '../../../../src/figures/arm-looks.ts';
import { cells, namesIn } from './cells.ts';

test('names arms once, groups once, and says each AUROC', () => {
  const { text } = subgroupForest(cells, '95 % CI');
  const words = namesIn(text);
  for (const { arm } of cells) expect(words.filter((one) => one === armStyles[arm].label)).toHaveLength(1);
  expect(words.filter((one) => one === 'F')).toHaveLength(1);
  expect(words.filter((one) => /^0\.\d{3} \(/.test(one))).toHaveLength(
    cells.reduce((sum, { subgroups }) => sum + subgroups.length, 0),
  );
  expect(text).toContain('Bars: 95 % CI over patients.');
});

test('says where no group is known', () => {
  expect(subgroupForest([{ ...cells[0]!, subgroups: [] }], '').text).toContain('no group of the test films');
});
