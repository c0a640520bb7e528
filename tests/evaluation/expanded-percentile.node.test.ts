/** Percentiles for few patients: what they must give for a normal statistic, and that interval and p speak with one voice. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapP, bootstrapStandardError, percentileInterval } from '../../src/evaluation/bootstrap.ts';
import { normalQuantile } from '../../src/evaluation/distributions/normal.ts';
import { expandedP, expandedTail } from '../../src/evaluation/expanded-percentile.ts';

/** Replicates of a mean of n normal values with variance 1: its plug-in distribution, N(centre, (n − 1) / n / n), at even steps. */
function normalReplicates(centre: number, patients: number, count: number): Float64Array {
  const error = Math.sqrt((patients - 1) / patients / patients);
  return Float64Array.from({ length: count }, (_, i) => centre + error * normalQuantile((i + 0.5) / count));
}

// t₀.₉₇₅ of n − 1 degrees of freedom, from tables.
const tabled = [
  [9, 2.306004],
  [10, 2.262157],
  [30, 2.04523],
  [101, 1.983972],
] as const;

describe('for a mean of n normal values', () => {
  it.each(tabled)("%d of them: the interval is Student's, mean ± %d s / √n", (patients, t) => {
    const { low, high } = percentileInterval(
      normalReplicates(3, patients, 200_001),
      0.95,
      patients,
    ).interval!;
    const half = t / Math.sqrt(patients);
    expect(low).toBeCloseTo(3 - half, 3);
    expect(high).toBeCloseTo(3 + half, 3);
  });

  it.each(tabled)("%d of them: p is that of Student's test, 0.05 at %d standard errors", (patients, t) => {
    const replicates = normalReplicates(t / Math.sqrt(patients), patients, 200_001);
    expect(bootstrapP(replicates, 0.95, patients)).toBeCloseTo(0.05, 3);
  });

  it('the standard error is s / √n, without patients that of the replicates', () => {
    const replicates = normalReplicates(0, 9, 20_001);
    expect(bootstrapStandardError(replicates, 9)).toBeCloseTo(1 / 3, 3);
    expect(bootstrapStandardError(replicates)).toBeCloseTo(Math.sqrt(8 / 81), 3);
    expect(bootstrapStandardError(replicates, 1)).toBeUndefined();
  });
});

describe('the expansion', () => {
  it('leaves no more in a tail than asked, less the fewer patients there are, and with all the world it changes nothing', () => {
    const tails = [2, 3, 5, 10, 30, 100, 1000, Infinity].map((patients) => expandedTail(0.025, patients));
    expect([...tails].sort((a, b) => a - b)).toEqual(tails);
    expect(tails.at(-1)).toBe(0.025);
    expect(tails.at(-2)).toBeCloseTo(0.025, 3);
    expect(tails[0]).toBeLessThan(1e-60);
    expect(expandedP(0.03, Infinity)).toBe(0.03);
  });

  it('of an interval and of p go together: p < α just where the interval at 1 − α leaves 0 out', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 400 }),
        fc.double({ min: 1e-3, max: 1, noNaN: true }),
        (patients, p) => {
          // The plain interval at 1 − p ends at 0; the expanded one does at 1 − expandedP.
          expect(2 * expandedTail(expandedP(p, patients) / 2, patients)).toBeCloseTo(p, 8);
        },
      ),
    );
  });

  it('has nothing to say with fewer than two patients', () => {
    const replicates = normalReplicates(1, 9, 100);
    expect(percentileInterval(replicates, 0.95, 1)).toMatchObject({ interval: undefined, defined: 100 });
    expect(percentileInterval(replicates, 0.95, 0).interval).toBeUndefined();
    expect(bootstrapP(replicates, 0.95, 1)).toBeUndefined();
    expect(() => expandedTail(0.025, 1)).toThrow(/at least two patients, got 1/);
    expect(() => expandedP(0.5, 0)).toThrow(/at least two patients/);
  });

  it('with very few patients ends at the outermost replicates, never beyond', () => {
    const replicates = normalReplicates(0, 3, 1000);
    const { low, high } = percentileInterval(replicates, 0.95, 3).interval!;
    expect(low).toBeGreaterThanOrEqual(replicates[0]!);
    expect(low).toBeLessThan(replicates[1]!);
    expect(high).toBeCloseTo(-low, 9);
  });
});
