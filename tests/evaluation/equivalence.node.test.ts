/** Equivalence and what can be found: against closed forms and each other. */
import { describe, expect, it } from 'vitest';
import {
  aurocVariance,
  detectableBefore,
  detectableDifference,
} from '../../src/evaluation/detectable-difference.ts';
import { normalCumulative, normalQuantile } from '../../src/evaluation/distributions/normal.ts';
import { studentQuantile, studentUpperTail } from '../../src/evaluation/distributions/student-t.ts';
import { equivalenceP } from '../../src/evaluation/equivalence.ts';

describe('two one-sided tests', () => {
  it('give the larger of both p values', () => {
    for (const [difference, error, df] of [
      [0.004, 0.01, 3],
      [-0.013, 0.006, Infinity],
      [0.03, 0.01, 8],
    ] as const) {
      const below = studentUpperTail((difference + 0.02) / error, df);
      const above = studentUpperTail((0.02 - difference) / error, df);
      expect(equivalenceP(difference, error, 0.02, df)).toBeCloseTo(Math.max(below, above), 12);
    }
  });

  it('are below α exactly when the interval at 1 − 2α lies within the margin', () => {
    const [margin, error, df] = [0.02, 0.008, 4];
    const half = studentQuantile(0.95, df) * error;
    for (let difference = -0.03; difference <= 0.03; difference += 0.0007) {
      const within = difference - half > -margin && difference + half < margin;
      expect(equivalenceP(difference, error, margin, df) < 0.05).toBe(within);
    }
  });

  it('have one half at the margin, and never find equivalence to within nothing', () => {
    expect(equivalenceP(0.02, 0.01, 0.02)).toBeCloseTo(0.5, 12);
    expect(equivalenceP(0, 0.01, 0)).toBe(0.5);
    expect([equivalenceP(0.01, 0, 0.02), equivalenceP(0.02, 0, 0.02)]).toEqual([0, 1]);
    expect(() => equivalenceP(0, -1, 0.02)).toThrow(RangeError);
  });
});

describe('detectable difference', () => {
  it('is found with the power that it is for', () => {
    const found = detectableDifference(0.01, 0.95);
    expect(found).toBeCloseTo(0.01 * (1.959964 + 0.841621), 7);
    expect(1 - normalCumulative(normalQuantile(0.975) - found / 0.01)).toBeCloseTo(0.8, 9);
    expect(detectableDifference(0.01, 0.95, Infinity, 0.9)).toBeGreaterThan(found);
    expect(detectableDifference(0.01, 0.95, 4)).toBeCloseTo(0.01 * (2.776445 + 0.940965), 7);
  });

  it("has Hanley and McNeil's variance: 0.893 of 51 and 58 has a standard error of 0.0325", () => {
    // Q₁ = 0.893 / 1.107 = 0.806685, Q₂ = 2 · 0.797449 / 1.893 = 0.842524; (0.095551 + 50 · 0.009236 + 57 · 0.045075) / 2958 = 0.00105699
    expect(aurocVariance({ positives: 51, negatives: 58, auroc: 0.893 })).toBeCloseTo(0.00105699, 7);
    // One of each: a coin, A (1 − A).
    expect(aurocVariance({ positives: 1, negatives: 1, auroc: 0.8 })).toBeCloseTo(0.16, 12);
  });

  it('falls with patients and with correlation', () => {
    const planned = { auroc: 0.75, correlation: 0.8, confidence: 0.95, power: 0.8 };
    const found = detectableBefore({ ...planned, positives: 50, negatives: 100 });
    const variance = aurocVariance({ positives: 50, negatives: 100, auroc: 0.75 });
    expect(found).toBeCloseTo(2.801585 * Math.sqrt(0.4 * variance), 6);
    expect(detectableBefore({ ...planned, positives: 100, negatives: 100 })).toBeLessThan(found);
    expect(
      detectableBefore({ ...planned, positives: 50, negatives: 100, correlation: 0.95 }) / found,
    ).toBeCloseTo(0.5, 9); // √(0.05 / 0.2)
    expect(() => detectableBefore({ ...planned, positives: 0, negatives: 9 })).toThrow(/at least one/);
    expect(() => detectableBefore({ ...planned, positives: 5, negatives: 9, correlation: 1 })).toThrow(
      /correlation/,
    );
  });
});
