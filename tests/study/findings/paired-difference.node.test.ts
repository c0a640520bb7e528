/** The numbers of a comparison: which standard error each stands on; and what a test set can find before it starts. */
import { describe, expect, it } from 'vitest';
import { bootstrapP, bootstrapStandardError, percentileInterval } from '../../../src/evaluation/bootstrap.ts';
import { crossedInterval } from '../../../src/evaluation/crossed-interval.ts';
import { detectableBefore, detectableDifference } from '../../../src/evaluation/detectable-difference.ts';
import { equivalenceP } from '../../../src/evaluation/equivalence.ts';
import { Random } from '../../../src/random/random.ts';
import { assumed, detectableDifferences } from '../../../src/study/detectable.ts';
import type { Measured } from '../../../src/study/cost/measurement.ts';
import { pairedDifference } from '../../../src/study/findings/paired-difference.ts';
import { smallCohort } from '../cohort-fixture.ts';

const rules = { confidence: 0.95, margin: 0.02 };

function measured(seeds: number, centre: number, name: string): Measured[] {
  const random = new Random(name);
  return Array.from({ length: seeds }, () => {
    const value = random.normal(centre, 0.01);
    const replicates = Float64Array.from({ length: 200 }, () => random.normal(value, 0.02));
    return { value, replicates, rarerClassPatients: 12 };
  });
}

describe('a difference', () => {
  it('of several seeds stands on the error across seeds', () => {
    const [a, b] = [measured(3, 0.8, 'a'), measured(3, 0.78, 'b')];
    const found = pairedDifference(a, b, rules);
    const crossed = crossedInterval(
      a.map((m, i) => m.value! - b[i]!.value!),
      a.map((m, i) => m.replicates.map((v, r) => v - b[i]!.replicates[r]!)),
      0.95,
    )!;
    expect(found.acrossSeeds).toEqual({ low: crossed.low, high: crossed.high, p: crossed.p });
    const { value, standardError, degreesOfFreedom } = crossed;
    expect(found.difference.value).toBeCloseTo(value, 12);
    expect(found.equivalenceP).toBeCloseTo(equivalenceP(value, standardError, 0.02, degreesOfFreedom), 12);
    expect(found.detectableDifference).toBe(detectableDifference(standardError, 0.95, degreesOfFreedom));
  });

  it('of one seed stands on the patients of the rarer class', () => {
    const [a, b] = [measured(1, 0.8, 'a'), measured(1, 0.78, 'b')];
    const found = pairedDifference(a, b, rules);
    const differences = a[0]!.replicates.map((v, r) => v - b[0]!.replicates[r]!);
    // Twelve patients: √(12 / 11), and t₀.₉₇₅ = 2.200985 and t₀.₈ = 0.875530 of eleven degrees of freedom.
    const error = bootstrapStandardError(differences)! * Math.sqrt(12 / 11);
    expect(found.acrossSeeds).toBeNull();
    expect(found.equivalenceP).toBeCloseTo(equivalenceP(found.difference.value!, error, 0.02, 11), 12);
    expect(found.detectableDifference).toBeCloseTo(error * (2.200985 + 0.87553), 6);
    const plain = percentileInterval(differences, 0.95).interval!;
    expect(found.difference.low!).toBeLessThan(plain.low);
    expect(found.difference.high!).toBeGreaterThan(plain.high);
    expect(found.p!).toBeGreaterThan(bootstrapP(differences, 0.95)!);
  });

  it('of one patient of the rarer class has neither interval nor p', () => {
    const single = measured(1, 0.8, 'a').map((one) => ({ ...one, rarerClassPatients: 1 }));
    const found = pairedDifference(single, measured(1, 0.7, 'b'), rules);
    expect(found.difference).toEqual({ value: expect.any(Number) as number, low: null, high: null });
    expect(found).toMatchObject({ p: null, equivalenceP: null, detectableDifference: null });
  });

  it('that is not defined is null throughout, and without spread nothing is said of what could be found', () => {
    const none = { acrossSeeds: null, equivalenceP: null, detectableDifference: null, p: null };
    expect(pairedDifference([], [], rules)).toMatchObject(none);
    const undefinedHere = [
      { value: undefined, replicates: new Float64Array(200).fill(NaN), rarerClassPatients: 0 },
    ];
    expect(pairedDifference(undefinedHere, undefinedHere, rules)).toMatchObject(none);
    const same = measured(3, 0.8, 'a');
    expect(pairedDifference(same, same, rules)).toMatchObject({
      acrossSeeds: { low: 0, high: 0, p: 1 },
      equivalenceP: 0,
      detectableDifference: null,
    });
  });
});

describe('before a study', () => {
  const small = smallCohort();
  const { labelNames } = small;
  const copies = (of: typeof small.rows, rename: (id: string) => string) => [
    ...of,
    ...of.map((row) => ({ ...row, patientId: rename(row.patientId) })),
  ];
  // 32 test patients: "a" alternates, "b" is positive in every fourth, "c" never.
  const rows = copies(small.rows, (id) => `${id} twin`);
  const statistics = { bootstrapSamples: 100, seed: 1, confidence: 0.95, margin: 0.02 };
  const found = (labels: readonly string[], of = rows) =>
    detectableDifferences({ labels, statistics }, of, labelNames);

  it('test patients of a label are counted, once each, and too few say so', () => {
    expect(found(['a', 'b', 'c', 'unknown'])).toMatchObject([
      { label: 'a', patients: 32, positives: 16, coarse: true },
      { label: 'b', patients: 32, positives: 8, difference: null, coarse: false },
      { label: 'c', patients: 32, positives: 0, difference: null },
    ]);
    const expected = detectableBefore({ positives: 16, negatives: 16, confidence: 0.95, ...assumed });
    expect(found(['a'])[0]!.difference).toBe(expected);
  });

  it('more films of the same patients promise nothing more; more patients do', () => {
    expect(
      found(
        ['a'],
        copies(rows, (id) => id),
      ),
    ).toEqual(found(['a']));
    const doubled = found(
      ['a'],
      copies(rows, (id) => `${id} again`),
    )[0]!;
    expect(doubled.patients).toBe(64);
    expect(doubled.difference!).toBeLessThan(found(['a'])[0]!.difference!);
  });

  it('is coarse above three margins', () => {
    const { difference } = found(['a'])[0]!;
    const coarse = (margin: number) =>
      detectableDifferences({ labels: ['a'], statistics: { ...statistics, margin } }, rows, labelNames)[0]!
        .coarse;
    expect([coarse(difference! / 3.01), coarse(difference! / 2.99)]).toEqual([true, false]);
  });
});
