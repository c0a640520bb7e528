/** The interval across seeds: by hand, by its invariances, and by how often it holds a known truth. */
import { describe, expect, it } from 'vitest';
import { crossedInterval } from '../../src/evaluation/crossed-interval.ts';
import {
  studentQuantile,
  studentTwoSidedP,
  studentUpperTail,
} from '../../src/evaluation/distributions/student-t.ts';
import { Random } from '../../src/random/random.ts';

describe("Student's t", () => {
  // Tables of the t distribution; with one and two degrees of freedom tan(π(p − ½)) and (2p − 1)√(2 / (4p(1 − p))).
  it.each([
    [0.975, 1, 12.7062],
    [0.975, 2, 4.30265],
    [0.975, 4, 2.77645],
    [0.995, 10, 3.16927],
    [0.8, 5, 0.91954],
    [0.975, Infinity, 1.95996],
  ])('the quantile of %d with %d degrees of freedom is %d', (p, df, t) => {
    expect(studentQuantile(p, df)).toBeCloseTo(t, 4);
    expect(studentQuantile(1 - p, df)).toBeCloseTo(-t, 4);
  });

  it('quantile and tail undo each other, with broken degrees of freedom too', () => {
    for (const df of [1.3, 7.7, 250.5, 2e6])
      for (const p of [0.501, 0.8, 0.999]) {
        expect(studentUpperTail(studentQuantile(p, df), df)).toBeCloseTo(1 - p, 10);
        expect(studentTwoSidedP(studentQuantile(p, df), df)).toBeCloseTo(2 * (1 - p), 10);
      }
    expect(studentQuantile(0.5, 3)).toBeCloseTo(0, 12);
    expect([studentQuantile(0, 3), studentQuantile(1, 3)]).toEqual([-Infinity, Infinity]);
    expect(() => studentQuantile(1.2, 3)).toThrow(/p in \[0, 1\]/);
  });
});

/** Replicates of seeds: a part that they share and one of their own, each with a variance. */
function replicatesOf(values: readonly number[], shared: number, own: number, count = 4000): Float64Array[] {
  const random = new Random('replicates');
  const together = Array.from({ length: count }, () => random.normal(0, Math.sqrt(shared)));
  return values.map((value) =>
    Float64Array.from(together, (part) => value + part + random.normal(0, Math.sqrt(own))),
  );
}

describe('across seeds', () => {
  it("is Hillis' interval: MS / S + covariance, (MS + S·C)² / (MS² / (S − 1)) degrees of freedom", () => {
    const values = [0.02, 0.08, 0.05];
    const replicates = [
      [0.02, 0.04, 0.0, 0.02],
      [0.08, 0.09, 0.05, 0.1],
      [0.04, 0.07, 0.04, 0.05],
    ].map((ofSeed) => Float64Array.from(Array.from({ length: 40 }, (_, b) => ofSeed[b % 4]!)));
    const centred = replicates.map((r) => r.map((v) => v - r.reduce((a, b) => a + b, 0) / 40));
    const pairs = [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const;
    const covariance =
      pairs.reduce(
        (sum, [i, j]) => sum + centred[i]!.reduce((s, v, b) => s + v * centred[j]![b]!, 0) / 39,
        0,
      ) / 3;
    const meanSquare = 0.0009; // of 0.02, 0.08, 0.05 about 0.05: (0.0009 + 0.0009) / 2
    const error = Math.sqrt(meanSquare / 3 + covariance);
    const df = (meanSquare + 3 * covariance) ** 2 / (meanSquare ** 2 / 2);
    const found = crossedInterval(values, replicates, 0.95)!;
    expect(found.value).toBeCloseTo(0.05, 12);
    expect(found.standardError).toBeCloseTo(error, 12);
    expect(found.degreesOfFreedom).toBeCloseTo(df, 8);
    expect(found.high - found.value).toBeCloseTo(studentQuantile(0.975, df) * error, 12);
    expect(found.p).toBeCloseTo(studentTwoSidedP(0.05 / error, df), 12);
  });

  it("of two seeds adds half-widths in squares, Howe's way: t₁² MS / 2 + z² C", () => {
    const values = [0.02, 0.05];
    const replicates = replicatesOf(values, 0.0009, 0.0002, 400);
    const found = crossedInterval(values, replicates, 0.95)!;
    const [a, b] = replicates as [Float64Array, Float64Array];
    const mean = (of: Float64Array) => of.reduce((sum, v) => sum + v, 0) / 400;
    const covariance = a.reduce((sum, v, i) => sum + (v - mean(a)) * (b[i]! - mean(b)), 0) / 399;
    const meanSquare = 0.00045; // of 0.02 and 0.05 about 0.035: 2 · 0.015²
    expect(found.standardError).toBeCloseTo(Math.sqrt(meanSquare / 2 + covariance), 10);
    const half = Math.sqrt(12.7062 ** 2 * (meanSquare / 2) + 1.959964 ** 2 * covariance);
    expect((found.high - found.low) / 2).toBeCloseTo(half, 5);
    expect(found.p).toBeCloseTo(studentTwoSidedP(0.035 / found.standardError, found.degreesOfFreedom), 12);
    expect(found.degreesOfFreedom).toBeGreaterThan(1);
  });

  it('is never less sure of patients than the bootstrap is, however alike seeds are', () => {
    const values = [0.03, 0.03, 0.03];
    const { standardError, degreesOfFreedom } = crossedInterval(
      values,
      replicatesOf(values, 0.01, 0.03),
      0.95,
    )!;
    // 0.01 + 0.03 / 3, estimated from 4,000 replicates: within 5 standard errors, 0.02 √(2 / 4000) each.
    expect(Math.abs(standardError ** 2 - 0.02)).toBeLessThan(5 * 0.02 * Math.sqrt(2 / 4000));
    expect(degreesOfFreedom).toBe(Infinity);
  });

  it('moves with a shift, turns with the sign, and does not mind the order of seeds', () => {
    const values = [0.01, 0.06, 0.02, 0.05];
    const replicates = replicatesOf(values, 0.0004, 0.0004, 200);
    const found = crossedInterval(values, replicates, 0.9)!;
    const turned = crossedInterval(
      values.map((v) => -v),
      replicates.map((r) => r.map((v) => -v)),
      0.9,
    )!;
    expect([-turned.high, -turned.low, turned.p]).toEqual([found.low, found.high, found.p]);
    const other = crossedInterval([...values].reverse(), [...replicates].reverse(), 0.9)!;
    expect(other.low).toBeCloseTo(found.low, 12);
    const shifted = crossedInterval(
      values.map((v) => v + 1),
      replicates.map((r) => r.map((v) => v + 1)),
      0.9,
    )!;
    expect(shifted.low).toBeCloseTo(found.low + 1, 9);
  });

  it('is not defined with one seed, or where too few resamples are', () => {
    const two = [0.1, 0.2];
    const replicates = replicatesOf(two, 0.01, 0.01, 100);
    expect(crossedInterval([0.1], [replicates[0]!], 0.95)).toBeUndefined();
    const holed = replicates.map((r, s) => r.map((v, b) => (b % 3 === s ? NaN : v)));
    // A third is missing in each seed, two thirds in one of both.
    expect(crossedInterval(two, holed, 0.95)).toBeUndefined();
    expect(crossedInterval(two, [holed[0]!, replicates[1]!], 0.95)).toBeDefined();
    expect(() => crossedInterval(two, [replicates[0]!], 0.95)).toThrow(/replicates of each of 2 seeds/);
  });

  it('says 1 of no difference without any spread, and 0 of one', () => {
    const flat = (value: number) => [1, 2].map(() => new Float64Array(100).fill(value));
    expect(crossedInterval([0, 0], flat(0), 0.95)).toMatchObject({ low: 0, high: 0, p: 1 });
    expect(crossedInterval([1, 1], flat(1), 0.95)).toMatchObject({ low: 1, high: 1, p: 0 });
  });

  it('holds the truth in about 95 of 100 draws of patients and seeds; the interval over patients does not', () => {
    const coverage = (seeds: number, seedVariance: number) => {
      const random = new Random(`coverage ${seeds}`);
      const [shared, own] = [0.3, 0.7];
      const unit = replicatesOf(new Array<number>(seeds).fill(0), shared, own, 60);
      let [held, heldByPatients] = [0, 0];
      const draws = 2000;
      for (let draw = 0; draw < draws; draw++) {
        const patients = random.normal(0, Math.sqrt(shared));
        const values = Array.from(
          { length: seeds },
          () => patients + random.normal(0, Math.sqrt(own + seedVariance)),
        );
        const found = crossedInterval(values, unit, 0.95)!;
        held += Number(found.low <= 0 && found.high >= 0);
        heldByPatients += Number(Math.abs(found.value) < 1.96 * Math.sqrt(shared + own / seeds));
      }
      return [held / draws, heldByPatients / draws] as const;
    };
    const [five, fiveByPatients] = coverage(5, 1);
    expect(five).toBeGreaterThan(0.92);
    expect(five).toBeLessThan(0.98);
    expect(fiveByPatients).toBeLessThan(0.92);
    // Two seeds that spread far more than patients do, and two that do not spread: never below, and on the wide side.
    for (const spread of [0, 10, 100]) {
      const [two] = coverage(2, spread);
      expect(two, `seed variance ${spread}`).toBeGreaterThan(0.935);
    }
    expect(coverage(2, 10)[1]).toBeLessThan(0.6);
  });
});
