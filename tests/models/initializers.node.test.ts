/**
 * First weights have the moments that their formulas promise; bounds are five standard errors of 20,000 draws.
 */
import { describe, expect, it } from 'vitest';
import {
  kaimingNormal,
  normal,
  pytorchUniform,
  truncatedNormal,
  type Initializer,
} from '../../src/models/layers/initializers.ts';
import { Random } from '../../src/random/random.ts';

const count = 20_000;

function measure(initializer: Initializer): { mean: number; deviation: number; largest: number } {
  const values = initializer(count, new Random('draws'));
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { mean, deviation: Math.sqrt(variance), largest };
}

describe('initializers', () => {
  it.each([
    ['normal', normal(0.5), 0.5],
    ['kaimingNormal', kaimingNormal(8), 0.5],
    ['pytorchUniform', pytorchUniform(4), 0.5 / Math.sqrt(3)],
    // A standard normal cut at ±2 has variance 1 − 2·2·φ(2) / (Φ(2) − Φ(−2)) = 0.7737
    ['truncatedNormal', truncatedNormal(0.5), 0.5 * Math.sqrt(0.7737)],
  ])('%s has its mean and deviation', (_name, initializer, wanted) => {
    const { mean, deviation } = measure(initializer);
    expect(Math.abs(mean)).toBeLessThan((5 * wanted) / Math.sqrt(count));
    expect(Math.abs(deviation / wanted - 1)).toBeLessThan(5 / Math.sqrt(2 * count));
  });

  it('keeps bounds', () => {
    expect(measure(truncatedNormal(0.5)).largest).toBeLessThanOrEqual(1);
    expect(measure(pytorchUniform(4)).largest).toBeLessThanOrEqual(0.5);
  });
});
