/** Thresholds, DeLong, tests, intervals and distributions: values known by hand and what must hold for any input. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  calibrationBins,
  calibrationError,
  quantile,
  uniformBorders,
} from '../../src/evaluation/calibration.ts';
import { chooseThreshold } from '../../src/evaluation/choose-threshold.ts';
import { precisionRecallCurve, rocCurve } from '../../src/evaluation/curves.ts';
import { delong, delongLogitInterval, delongTest } from '../../src/evaluation/delong.ts';
import { betaQuantile, binomialCumulative } from '../../src/evaluation/distributions/beta.ts';
import { chiSquareUpperTail } from '../../src/evaluation/reference/chi-square.ts';
import {
  normalCumulative,
  normalQuantile,
  normalTwoSidedP,
} from '../../src/evaluation/distributions/normal.ts';
import { incompleteBeta, logGamma } from '../../src/evaluation/distributions/special-functions.ts';
import { studentUpperTail } from '../../src/evaluation/distributions/student-t.ts';
import { auroc } from '../../src/evaluation/metrics/auroc.ts';
import { metrics } from '../../src/evaluation/metrics/registry.ts';
import { benjaminiHochberg, bonferroni, holm } from '../../src/evaluation/multiple-testing.ts';
import { clopperPearsonInterval, wilsonInterval } from '../../src/evaluation/proportion-interval.ts';
import { fitTemperature } from '../../src/evaluation/temperature-scaling.ts';
import { mcnemarChiSquare, mcnemarExact } from '../../src/evaluation/reference/mcnemar.ts';
import { wilcoxonSignedRank } from '../../src/evaluation/reference/wilcoxon.ts';

const bothClasses = fc
  .array(
    fc.tuple(
      fc.constantFrom(0, 1),
      fc.integer({ min: 0, max: 20 }).map((k) => k / 20),
    ),
    { minLength: 4, maxLength: 30 },
  )
  .filter((rows) => [0, 1].every((y) => rows.filter(([label]) => label === y).length >= 2));

describe('chooseThreshold', () => {
  it('finds the best sum of sensitivity and specificity among all thresholds', () => {
    fc.assert(
      fc.property(bothClasses, (rows) => {
        const [labels, p] = [rows.map(([y]) => y), rows.map(([, p]) => p)];
        const youden = (threshold: number) =>
          metrics.sensitivity.compute(labels, p, undefined, threshold)! +
          metrics.specificity.compute(labels, p, undefined, threshold)!;
        const chosen = chooseThreshold(labels, p)!;
        expect(p).toContain(chosen);
        expect(youden(chosen)).toBeCloseTo(Math.max(...p.map(youden)), 12);
      }),
    );
  });

  it('equal shares that rounding tells apart are equal', () => {
    // 2/3 − 0 against 1 − 1/3
    expect(chooseThreshold([1, 1, 0, 1, 0, 0], [0.9, 0.8, 0.7, 0.6, 0.2, 0.1])).toBe(0.8);
  });

  it('is undefined with one class', () => {
    expect(chooseThreshold([1, 1], [0.2, 0.4])).toBeUndefined();
    expect(chooseThreshold([], [])).toBeUndefined();
  });
});

describe('curves', () => {
  it('the area under the ROC points by trapezoids is AUROC, with and without inner points', () => {
    fc.assert(
      fc.property(bothClasses, fc.boolean(), (rows, keepAll) => {
        const [labels, p] = [rows.map(([y]) => y), rows.map(([, p]) => p)];
        const points = rocCurve(labels, p, undefined, keepAll)!;
        const area = points
          .slice(1)
          .reduce(
            (sum, b, i) =>
              sum +
              ((b.falsePositiveRate - points[i]!.falsePositiveRate) *
                (b.sensitivity + points[i]!.sensitivity)) /
                2,
            0,
          );
        expect(area).toBeCloseTo(auroc.compute(labels, p)!, 12);
      }),
    );
  });

  it('are undefined without a positive row', () => {
    expect(rocCurve([0, 0], [0.1, 0.2])).toBeUndefined();
    expect(precisionRecallCurve([0, 0], [0.1, 0.2])).toBeUndefined();
  });
});

describe('calibration', () => {
  it('puts a probability on a border where the rule says', () => {
    const borders = uniformBorders(2);
    expect(calibrationBins([0, 1], [0.5, 0.75], borders)).toHaveLength(2);
    expect(calibrationBins([0, 1], [0.5, 0.75], borders, 'upperBin')).toHaveLength(1);
  });

  it('has no error without rows, and none where frequencies are as promised', () => {
    expect(calibrationError([], 'l1')).toBeUndefined();
    const bins = calibrationBins([1, 0, 1, 0], [0.5, 0.5, 0.5, 0.5], uniformBorders(10));
    for (const norm of ['l1', 'l2', 'max'] as const) expect(calibrationError(bins, norm)).toBe(0);
  });

  it('quantiles interpolate', () => {
    expect(quantile([1, 2, 4], 0.75)).toBe(3);
    expect(quantile([7], 0.3)).toBe(7);
  });
});

describe('DeLong', () => {
  it('gives the AUROC, and the same variance for swapped labels', () => {
    fc.assert(
      fc.property(bothClasses, (rows) => {
        const [labels, p] = [rows.map(([y]) => y), rows.map(([, p]) => p)];
        const result = delong(labels, [p])!;
        expect(result.aurocs[0]).toBeCloseTo(auroc.compute(labels, p)!, 12);
        const swapped = delong(
          labels.map((y) => 1 - y),
          [p],
        )!;
        expect(swapped.covariance[0]![0]).toBeCloseTo(result.covariance[0]![0]!, 12);
      }),
    );
  });

  it('says nothing of a class with one row, and p = 1 where scores order the rows alike', () => {
    expect(delong([1, 0, 0], [[0.9, 0.1, 0.2]])).toBeUndefined();
    const labels = [1, 0, 1, 0, 0, 1];
    const p = [0.9, 0.3, 0.4, 0.5, 0.1, 0.8];
    const result = delongTest(delong(labels, [p, p.map((v) => v ** 3)])!, 0.95);
    expect(result).toMatchObject({ difference: 0, z: undefined, p: 1 });
    expect(delongLogitInterval(1, 0, 0.95)).toBeUndefined();
  });
});

describe('tests', () => {
  it('McNemar: 1 against 5, by hand: 2 (1 + 6) / 2⁶', () => {
    expect(mcnemarExact(1, 5)).toEqual({ statistic: 1, p: expect.closeTo(14 / 64, 12) as number });
    expect(mcnemarExact(0, 0).p).toBe(1);
    expect(mcnemarChiSquare(0, 0, false)).toBeUndefined();
    expect(mcnemarChiSquare(2, 6, false)!.statistic).toBe(2);
  });

  it('Wilcoxon: three positive differences, by hand: 2 / 2³', () => {
    const result = wilcoxonSignedRank([1, 2, 3], [0, 0, 0], { method: 'exact' })!;
    expect(result.statistic).toBe(0);
    expect(result.p).toBeCloseTo(0.25, 12);
    expect(wilcoxonSignedRank([1, 2], [1, 2], { method: 'exact' })).toBeUndefined();
    // Ranks 1.5, 1.5 and 3 with W⁻ = 1.5, rounded up to 2: the sums 0, 1 and 2 are one subset each of eight.
    expect(wilcoxonSignedRank([1, -1, 2], [0, 0, 0], { method: 'exact' })!.p).toBeCloseTo(6 / 8, 12);
    expect(() => wilcoxonSignedRank([1, 0], [0, 0], { method: 'exact', zeroMethod: 'pratt' })).toThrow(
      /zero/,
    );
    expect(() => wilcoxonSignedRank([1], [0, 0], { method: 'exact' })).toThrow(/paired/);
  });

  it('adjusted p: never below p, Bonferroni strictest, Benjamini-Hochberg mildest, order kept', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (p) => {
        const [h, b, f] = [holm(p), bonferroni(p), benjaminiHochberg(p)];
        p.forEach((value, i) => {
          expect(f[i]).toBeGreaterThanOrEqual(value - 1e-15);
          expect(h[i]).toBeGreaterThanOrEqual(f[i]! - 1e-15);
          expect(b[i]).toBeGreaterThanOrEqual(h[i]! - 1e-15);
          p.forEach((other, j) => {
            if (value < other) expect(h[i]).toBeLessThanOrEqual(h[j]!);
          });
        });
      }),
    );
    expect(() => holm([0.1, NaN])).toThrow(/p\[1\]/);
  });
});

describe('intervals of a proportion', () => {
  it('hold the share, lie in [0, 1], and mirror for failures', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(), (total, seed) => {
        const count = seed % (total + 1);
        for (const intervalOf of [wilsonInterval, clopperPearsonInterval]) {
          const { low, high } = intervalOf(count, total, 0.95);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(low).toBeLessThanOrEqual(count / total + 1e-12);
          expect(high).toBeGreaterThanOrEqual(count / total - 1e-12);
          expect(intervalOf(total - count, total, 0.95).low).toBeCloseTo(1 - high, 9);
        }
      }),
    );
    expect(() => wilsonInterval(3, 0, 0.95)).toThrow(RangeError);
  });

  it('Clopper-Pearson without a failure, by hand: 1 − (α/2)^(1/n)', () => {
    expect(clopperPearsonInterval(0, 10, 0.95).high).toBeCloseTo(1 - 0.025 ** 0.1, 12);
  });
});

describe('distributions', () => {
  it('the normal quantile undoes the cumulative', () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 5, noNaN: true }), (z) => {
        expect(normalQuantile(normalCumulative(z))).toBeCloseTo(z, 8);
      }),
    );
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
    expect(normalTwoSidedP(0)).toBe(1);
  });

  it('closed forms: χ² with 2 df, t with 1 and 2 df, Beta(a, 1), Γ(n), the binomial', () => {
    for (const x of [0.01, 0.5, 2, 9, 80]) {
      expect(chiSquareUpperTail(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 12);
      expect(studentUpperTail(x, 1)).toBeCloseTo(0.5 - Math.atan(x) / Math.PI, 12);
      expect(studentUpperTail(-x, 2)).toBeCloseTo(0.5 + x / (2 * Math.sqrt(2 + x * x)), 12);
    }
    expect(incompleteBeta(0.3, 4, 1)).toBeCloseTo(0.3 ** 4, 14);
    expect(betaQuantile(0.3, 4, 1)).toBeCloseTo(0.3 ** 0.25, 13);
    expect(Math.exp(logGamma(6))).toBeCloseTo(120, 9);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
    expect(binomialCumulative(1, 3, 0.25)).toBeCloseTo(0.75 ** 3 + 3 * 0.25 * 0.75 ** 2, 13);
    expect(binomialCumulative(-1, 3, 0.25)).toBe(0);
    expect(binomialCumulative(3, 3, 0.25)).toBe(1);
  });
});

describe('temperature scaling', () => {
  it('finds the factor by which honest logits were multiplied', () => {
    // At logit ± ln 3 three rows in four are right: the likelihood's own optimum is temperature 1.
    const honest = [0, 1].flatMap((label) =>
      [1, 1, 1, -1].map((sign) => ({ label, logit: sign * (label ? 1 : -1) * Math.log(3) })),
    );
    for (const factor of [0.25, 1, 5]) {
      const fit = fitTemperature(
        honest.map(({ logit }) => [0, factor * logit]),
        honest.map(({ label }) => label),
      )!;
      expect(fit.temperature / factor).toBeCloseTo(1, 6);
      expect(fit.after).toBeLessThanOrEqual(fit.before);
    }
    expect(fitTemperature([], [])).toBeUndefined();
    expect(() => fitTemperature([[0, 1]], [2])).toThrow(/names none/);
  });
});
