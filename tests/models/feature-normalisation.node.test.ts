/**
 * Standardised features, by hand.
 */
import { describe, expect, it } from 'vitest';
import { fitFeatureNormalisation, normaliseFeatures } from '../../src/models/feature-normalisation.ts';

// rows: (1, 7), (3, 7), (100, 8); training rows 0 and 1 have mean (2, 7) and deviation (1, 0)
const features = Float32Array.of(1, 7, 3, 7, 100, 8);

describe('feature normalisation', () => {
  it('looks at training rows only', () => {
    const { mean, standardDeviation } = fitFeatureNormalisation(features, 2, [0, 1]);
    expect([...mean]).toEqual([2, 7]);
    expect([...standardDeviation]).toEqual([1, 1]);
  });

  it('standardises every row and turns a constant feature to 0', () => {
    const fitted = fitFeatureNormalisation(features, 2, [0, 1]);
    expect([...normaliseFeatures(features, fitted)]).toEqual([-1, 0, 1, 0, 98, 1]);
    expect([...features]).toEqual([1, 7, 3, 7, 100, 8]);
  });

  it('takes rounding for no variation', () => {
    const nearlyConstant = Float32Array.of(1000, 1000.00006);
    expect(fitFeatureNormalisation(nearlyConstant, 1, [0, 1]).standardDeviation[0]).toBe(1);
  });

  it('refuses an empty training set', () => {
    expect(() => fitFeatureNormalisation(features, 2, [])).toThrow(RangeError);
  });
});
