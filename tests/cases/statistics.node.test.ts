/**
 * The corners of statistics that packages have got wrong: the case 50 of the collection, each value by hand.
 */
import { describe, expect, it } from 'vitest';
import { delong } from '../../src/evaluation/delong.ts';
import { auroc } from '../../src/evaluation/metrics/auroc.ts';

const repeated = (value: number, count: number): number[] => Array.from({ length: count }, () => value);

describe('50-statistics', () => {
  it('perfect separation of 37 and 13 is 1, without variance', () => {
    const labels = [...repeated(0, 37), ...repeated(1, 13)];
    const scores = labels.map((label, i) => label + i / 1000);
    expect(auroc.compute(labels, scores)).toBe(1);
    expect(delong(labels, [scores])).toMatchObject({ aurocs: [1], covariance: [[0]] });
  });

  it('one row of a class has no variance; one class has no AUROC', () => {
    expect(delong([0, 0, 0, 1], [[0.1, 0.2, 0.3, 0.4]])).toBeUndefined();
    expect(auroc.compute([0, 0, 0], [0.1, 0.2, 0.3])).toBeUndefined();
  });

  it('ties are one half; the last bit counts; a score that is no number is refused by its row', () => {
    expect(auroc.compute([0, 1, 0, 1], repeated(0.25, 4))).toBe(0.5);
    // 0.1 + 0.2 is above 0.3 by one bit: two of four pairs are in order, where equal scores would make it a quarter.
    expect(auroc.compute([0, 1, 0, 1], [0.3, 0.1 + 0.2, 0.3, 0.2])).toBe(0.5);
    expect(auroc.compute([0, 1, 0, 1], [0.3, 0.1 + 0.2, 0.1, 0.2])).toBe(0.75);
    expect(() => auroc.compute([0, 1, 1], [0.1, NaN, 0.3])).toThrow(/probability 1 must be finite/);
  });
});
