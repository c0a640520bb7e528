/** Conformance of every metric of the registry, and the invariances of the areas, over random rows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auprc } from '../../src/evaluation/metrics/auprc.ts';
import { auroc } from '../../src/evaluation/metrics/auroc.ts';
import { metrics, reportedMetrics } from '../../src/evaluation/metrics/registry.ts';

/** Rows with ties, as [label, probability, whole weight]. */
const rows = fc.array(
  fc.tuple(
    fc.constantFrom(0, 1),
    fc.integer({ min: 0, max: 40 }).map((k) => k / 40),
    fc.nat({ max: 3 }),
  ),
  { minLength: 1, maxLength: 40 },
);

type Rows = readonly (readonly [number, number, number])[];
const columns = (table: Rows) =>
  [table.map(([y]) => y), table.map(([, p]) => p), table.map(([, , w]) => w)] as const;

const same = (a: number | undefined, b: number | undefined) => {
  if (a === undefined || b === undefined) expect(a).toBe(b);
  else expect(a).toBeCloseTo(b, 10);
};

describe.each(Object.entries(metrics))('%s', (_name, metric) => {
  it('is a finite number or undefined, never NaN', () => {
    fc.assert(
      fc.property(rows, (table) => {
        const value = metric.compute(...columns(table));
        expect(value === undefined || Number.isFinite(value)).toBe(true);
      }),
    );
    const nothing = metric.compute([], []);
    expect(nothing === undefined || nothing === 0).toBe(true);
  });

  it('takes a whole weight for that many copies of the row', () => {
    fc.assert(
      fc.property(rows, (table) => {
        const copies = table.flatMap((row) => Array.from({ length: row[2] }, () => row));
        const [labels, probabilities] = columns(copies);
        same(metric.compute(...columns(table)), metric.compute(labels, probabilities));
      }),
    );
  });

  it('does not depend on the order of rows or on the scale of weights', () => {
    fc.assert(
      fc.property(rows, (table) => {
        const [labels, probabilities, weights] = columns(table);
        const value = metric.compute(labels, probabilities, weights);
        same(metric.compute(...columns([...table].reverse())), value);
        same(
          metric.compute(
            labels,
            probabilities,
            weights.map((w) => 7 * w),
          ),
          value,
        );
      }),
    );
  });

  it('computes the same prepared once for many weightings', () => {
    fc.assert(
      fc.property(rows, (table) => {
        const [labels, probabilities, weights] = columns(table);
        const prepared = metric.prepare(labels, probabilities);
        prepared(weights.map((w) => w + 1));
        expect(prepared(weights)).toBe(metric.compute(labels, probabilities, weights));
      }),
    );
  });

  it('puts perfect predictions first', () => {
    const labels = [0, 1, 0, 1, 1, 0];
    const right = metric.compute(labels, labels)!;
    const wrong = metric.compute(
      labels,
      labels.map((y) => 1 - y),
    )!;
    expect(metric.better === 'higher' ? right - wrong : wrong - right).toBeGreaterThan(0);
  });

  it('refuses what is not a label, a probability or a weight', () => {
    expect(() => metric.compute([0, 2], [0.1, 0.2])).toThrow(/label 1 must be 0 or 1/);
    expect(() => metric.compute([0, 1], [0.1, NaN])).toThrow(/probability 1/);
    expect(() => metric.compute([0, 1], [0.1])).toThrow(/as many labels as probabilities/);
    expect(() => metric.compute([0, 1], [0.1, 0.2], [1, -1])).toThrow(/weight 1/);
    expect(() => metric.compute([0, 1], [0.1, 0.2], [1])).toThrow(/2 weights/);
  });
});

it('reports the metrics that findings are written for', () => {
  expect([...reportedMetrics].sort()).toEqual(
    [
      'auprc',
      'auroc',
      'brierScore',
      'expectedCalibrationError',
      'logLoss',
      'sensitivity',
      'specificity',
    ].sort(),
  );
});

describe('AUROC', () => {
  it('counts the pairs that stand in the right order, ties one half', () => {
    fc.assert(
      fc.property(rows, (table) => {
        let [won, pairs] = [0, 0];
        for (const [ya, pa, wa] of table)
          for (const [yb, pb, wb] of table) {
            if (!(ya === 1 && yb === 0)) continue;
            pairs += wa * wb;
            won += wa * wb * (pa > pb ? 1 : pa === pb ? 0.5 : 0);
          }
        same(auroc.compute(...columns(table)), pairs > 0 ? won / pairs : undefined);
      }),
    );
  });

  it('is left alone by every increasing transform', () => {
    fc.assert(
      fc.property(rows, (table) => {
        const [labels, probabilities, weights] = columns(table);
        const value = auroc.compute(labels, probabilities, weights);
        const transformed = [(p: number) => p ** 3, (p: number) => 5 * p - 2, (p: number) => Math.exp(p)];
        for (const f of transformed) same(auroc.compute(labels, probabilities.map(f), weights), value);
      }),
    );
  });

  it('becomes 1 − AUROC when labels are swapped, and when the order is', () => {
    fc.assert(
      fc.property(rows, (table) => {
        const [labels, probabilities, weights] = columns(table);
        const value = auroc.compute(labels, probabilities, weights);
        const mirrored = value === undefined ? undefined : 1 - value;
        same(
          auroc.compute(
            labels.map((y) => 1 - y),
            probabilities,
            weights,
          ),
          mirrored,
        );
        same(
          auroc.compute(
            labels,
            probabilities.map((p) => 1 - p),
            weights,
          ),
          mirrored,
        );
      }),
    );
  });

  it('is 0.5 when nothing is told apart and undefined with one class', () => {
    expect(auroc.compute([0, 1, 1], [0.3, 0.3, 0.3])).toBe(0.5);
    expect(auroc.compute([1, 1], [0.1, 0.9])).toBeUndefined();
    expect(auroc.compute([0, 1], [0.1, 0.9], [0, 1])).toBeUndefined();
  });
});

describe('AUPRC', () => {
  it('is the prevalence when nothing is told apart', () => {
    fc.assert(
      fc.property(rows, (table) => {
        const [labels, , weights] = columns(table);
        const total = weights.reduce((sum, w) => sum + w, 0);
        const positives = weights.reduce((sum, w, i) => sum + w * labels[i]!, 0);
        same(
          auprc.compute(
            labels,
            labels.map(() => 0.4),
            weights,
          ),
          positives > 0 ? positives / total : undefined,
        );
      }),
    );
  });
});

it('log loss: one certain mistake costs −ln 2⁻⁵², not infinity', () => {
  expect(metrics.logLoss.compute([1], [0])).toBeCloseTo(52 * Math.LN2, 9);
  expect(metrics.logLoss.compute([0], [1])).toBeCloseTo(52 * Math.LN2, 9);
});

it('ECE: by hand, two bins', () => {
  // (0.1, 0.2]: mean p 0.15, no positive; (0.8, 0.9]: mean p 0.85, half positive. ECE = ½ · 0.15 + ½ · 0.35.
  const value = metrics.expectedCalibrationError.compute([0, 0, 1, 0], [0.12, 0.18, 0.84, 0.86]);
  expect(value).toBeCloseTo(0.25, 12);
});
