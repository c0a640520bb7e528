/** Net benefit and the calibration error over given bins: by hand, and with weights as copies of rows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  calibrationBins,
  calibrationError,
  quantileBorders,
  weightedCalibrationError,
} from '../../src/evaluation/calibration.ts';
import { netBenefit } from '../../src/evaluation/net-benefit.ts';

const labels = [1, 0, 1, 0, 0, 1, 0, 0];
const probabilities = [0.9, 0.8, 0.6, 0.4, 0.3, 0.2, 0.1, 0.05];

describe('net benefit', () => {
  it('counts true positives less false positives at the odds of the threshold', () => {
    // At 0.4: rows 0 to 3 are treated, two rightly: 2/8 − 2/8 · 0.4 / 0.6.
    expect(netBenefit(labels, probabilities, 0.4)()).toBeCloseTo(0.25 - (0.25 * 2) / 3, 12);
    expect(netBenefit(labels, probabilities, 0.95)()).toBe(0);
    // Below every probability all are treated: prevalence − (1 − prevalence) · odds.
    expect(netBenefit(labels, probabilities, 0.02)()).toBeCloseTo(3 / 8 - (5 / 8) * (0.02 / 0.98), 12);
    expect(() => netBenefit(labels, probabilities, 1)).toThrow(/threshold/);
    expect(netBenefit([], [], 0.5)()).toBeUndefined();
  });
});

it('weights are copies of rows, for net benefit and the calibration error', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 8, maxLength: 8 }), (weights) => {
      fc.pre(weights.some((weight) => weight > 0));
      const rows = weights.flatMap((weight, row) => new Array<number>(weight).fill(row));
      const [copies, theirs] = [rows.map((row) => labels[row]!), rows.map((row) => probabilities[row]!)];
      const borders = quantileBorders(probabilities, 3);
      expect(netBenefit(labels, probabilities, 0.25)(weights)).toBeCloseTo(
        netBenefit(copies, theirs, 0.25)()!,
        12,
      );
      expect(weightedCalibrationError(labels, probabilities, borders)(weights)).toBeCloseTo(
        calibrationError(calibrationBins(copies, theirs, borders), 'l1')!,
        12,
      );
    }),
  );
});
