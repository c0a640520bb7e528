/** The patient bootstrap: what it must be by definition, and whether its intervals hold the truth as often as they say. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bcaInterval,
  bootstrapP,
  bootstrapStandardError,
  percentileInterval,
  replicate,
  resamplePatients,
} from '../../src/evaluation/bootstrap.ts';
import { normalCumulative } from '../../src/evaluation/distributions/normal.ts';
import { auroc } from '../../src/evaluation/metrics/auroc.ts';
import { Random } from '../../src/random/random.ts';

describe('resamples', () => {
  it('draw as many patients as there are, and give all rows of a patient one weight', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 20 }),
        fc.nat(),
        (patients, seed) => {
          const resamples = resamplePatients(patients, 5, new Random(seed));
          const distinct = new Set(patients).size;
          expect(resamples.patientCount).toBe(distinct);
          for (let b = 0; b < 5; b++) {
            const draws = resamples.draws.slice(b * distinct, (b + 1) * distinct);
            expect(draws.reduce((sum, count) => sum + count, 0)).toBe(distinct);
          }
          const spread = (weights?: ArrayLike<number>) => {
            const byPatient = new Map<string, Set<number>>();
            patients.forEach((p, i) => byPatient.set(p, (byPatient.get(p) ?? new Set()).add(weights![i]!)));
            return Math.max(...[...byPatient.values()].map((values) => values.size));
          };
          expect([...replicate(resamples, [spread])[0]!]).toEqual([1, 1, 1, 1, 1]);
        },
      ),
    );
  });

  it('are the same for the same seed and others for another', () => {
    const patients = Array.from({ length: 30 }, (_, i) => i);
    const draws = (seed: number) => [...resamplePatients(patients, 4, new Random(seed)).draws];
    expect(draws(1)).toEqual(draws(1));
    expect(draws(1)).not.toEqual(draws(2));
  });

  it('draw every patient equally often', () => {
    const { draws } = resamplePatients(['a', 'b', 'c', 'd'], 20_000, new Random(3));
    const totals = [0, 0, 0, 0];
    draws.forEach((count, i) => (totals[i % 4]! += count));
    // 80 000 draws, expected 20 000 each with a standard deviation of √(80 000 · ¼ · ¾) = 122.
    totals.forEach((total) => expect(Math.abs(total - 20_000)).toBeLessThan(5 * 122));
  });

  it('refuse no rows', () => {
    expect(() => resamplePatients([], 10, new Random(1))).toThrow(RangeError);
  });
});

describe('percentile interval', () => {
  it('interpolates between replicates: 101 numbers 0 … 100 at 90 %', () => {
    const result = percentileInterval(
      Float64Array.from({ length: 101 }, (_, i) => 100 - i),
      0.9,
    );
    expect(result.interval!.low).toBeCloseTo(5, 9);
    expect(result.interval!.high).toBeCloseTo(95, 9);
  });

  it('drops and counts what is not defined, and needs half of all and one in each tail', () => {
    const some = (defined: number, all: number) =>
      percentileInterval(
        Float64Array.from({ length: all }, (_, i) => (i < defined ? i : NaN)),
        0.95,
      );
    expect(some(60, 100)).toMatchObject({ defined: 60, dropped: 40 });
    expect(some(60, 100).interval).toBeDefined();
    expect(some(49, 100).interval).toBeUndefined();
    expect(some(40, 40).interval).toBeDefined();
    expect(some(39, 39).interval).toBeUndefined();
    expect(bootstrapP(new Float64Array(100).fill(NaN), 0.95)).toBeUndefined();
  });

  it('refuses a confidence that is none', () => {
    expect(() => percentileInterval(new Float64Array(10), 1)).toThrow(/confidence/);
  });
});

describe('bootstrap p', () => {
  it('is never 0, and 1 where nothing differs', () => {
    expect(bootstrapP(new Float64Array(999).fill(0.1), 0.95)).toBeCloseTo(2 / 1000, 12);
    expect(bootstrapP(new Float64Array(999).fill(0), 0.95)).toBe(1);
  });

  it('is the same for both signs of the difference', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 5 }), { minLength: 60, maxLength: 90 }), (values) => {
        const replicates = Float64Array.from(values);
        const mirrored = replicates.map((v) => -v);
        expect(bootstrapP(replicates, 0.95)).toBe(bootstrapP(mirrored, 0.95));
      }),
    );
  });
});

it('BCa is the percentile interval for a symmetric statistic without bias', () => {
  // The mean of values symmetric around 0: no acceleration; bias only by chance of the draws.
  const values = Float64Array.from({ length: 41 }, (_, i) => i - 20);
  const mean = (weights?: ArrayLike<number>) => {
    const total = values.reduce((sum, _, i) => sum + (weights ? weights[i]! : 1), 0);
    return values.reduce((sum, v, i) => sum + v * (weights ? weights[i]! : 1), 0) / total;
  };
  const resamples = resamplePatients([...values], 4000, new Random(5));
  const [replicates] = replicate(resamples, [mean]) as [Float64Array];
  const bca = bcaInterval(resamples, mean, 0, replicates, 0.95).interval!;
  // Standard error of the mean: √(140 / 41) = 1.848, ± 1.96 of it.
  expect(Math.abs(bca.low + 3.62)).toBeLessThan(0.25);
  expect(Math.abs(bca.high - 3.62)).toBeLessThan(0.25);
});

it('BCa moves towards the long tail of a skewed statistic', () => {
  const random = new Random(11);
  const values = Float64Array.from({ length: 60 }, () => Math.exp(random.normal()));
  const mean = (weights?: ArrayLike<number>) =>
    values.reduce((sum, v, i) => sum + v * (weights ? weights[i]! : 1), 0) / values.length;
  const resamples = resamplePatients([...values.keys()], 4000, random);
  const [replicates] = replicate(resamples, [mean]) as [Float64Array];
  const plain = percentileInterval(replicates, 0.95).interval!;
  const bca = bcaInterval(resamples, mean, mean(), replicates, 0.95).interval!;
  expect(bca.high).toBeGreaterThan(plain.high);
  expect(bca.low).toBeGreaterThan(plain.low);
});

it('the standard error of a mean of independent patients is σ / √n', () => {
  const values = [2, 4, 4, 4, 5, 5, 7, 9]; // mean 5, σ 2
  const mean = (weights?: ArrayLike<number>) => values.reduce((sum, v, i) => sum + v * weights![i]!, 0) / 8;
  const [replicates] = replicate(resamplePatients([...values.keys()], 20_000, new Random(2)), [mean]);
  expect(bootstrapStandardError(replicates!)).toBeCloseTo(2 / Math.sqrt(8), 1);
});

/** Patients with four films each, whose scores share four fifths of their variance; label by patient; AUROC Φ(μ / √2). */
function clusteredCohort(random: Random, shift: number, patients: number) {
  const [labels, scores, rival, ids]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let patient = 0; patient < patients; patient++) {
    const label = patient % 2;
    const [own, ownOfRival] = [random.normal(0, Math.sqrt(0.8)), random.normal(0, Math.sqrt(0.8))];
    for (let film = 0; film < 4; film++) {
      labels.push(label);
      ids.push(patient);
      scores.push(shift * label + own + random.normal(0, Math.sqrt(0.2)));
      rival.push(shift * label + ownOfRival + random.normal(0, Math.sqrt(0.2)));
    }
  }
  return { labels, scores, rival, ids };
}

describe('in simulated cohorts with known AUROC (seeded)', () => {
  const shift = 1;
  const truth = normalCumulative(shift / Math.SQRT2);

  it('the 95 % interval holds the truth about 95 times in 100; a bootstrap of films does not', () => {
    const random = new Random('coverage');
    const [cohorts, samples] = [300, 400];
    let [held, heldByFilms] = [0, 0];
    for (let i = 0; i < cohorts; i++) {
      const { labels, scores, ids } = clusteredCohort(random, shift, 60);
      const statistic = [auroc.prepare(labels, scores)];
      const holds = (patients: readonly number[]) => {
        const [replicates] = replicate(resamplePatients(patients, samples, random), statistic);
        const { low, high } = percentileInterval(replicates!, 0.95).interval!;
        return low <= truth && truth <= high ? 1 : 0;
      };
      held += holds(ids);
      heldByFilms += holds([...labels.keys()]);
    }
    // 0.95 ± 0.013 over 300 cohorts; the percentile interval may lose some hundredths with 60 patients.
    expect(held / cohorts).toBeGreaterThan(0.905);
    expect(held / cohorts).toBeLessThan(0.985);
    expect(heldByFilms / cohorts).toBeLessThan(0.8);
  });

  it('two equally good classifiers differ at p < 0.05 about 5 times in 100', () => {
    const random = new Random('null');
    const cohorts = 300;
    let rejected = 0;
    for (let i = 0; i < cohorts; i++) {
      const { labels, scores, rival, ids } = clusteredCohort(random, shift, 60);
      const resamples = resamplePatients(ids, 400, random);
      const [a, b] = replicate(resamples, [auroc.prepare(labels, scores), auroc.prepare(labels, rival)]);
      if (
        bootstrapP(
          a!.map((value, k) => value - b![k]!),
          0.95,
        )! < 0.05
      )
        rejected += 1;
    }
    expect(rejected / cohorts).toBeGreaterThan(0.01);
    expect(rejected / cohorts).toBeLessThan(0.095);
  });

  it('2 000 resamples of 1 000 films take about a second', () => {
    const random = new Random('speed');
    const { labels, scores, ids } = clusteredCohort(random, shift, 250);
    const start = performance.now();
    replicate(resamplePatients(ids, 2000, random), [auroc.prepare(labels, scores)]);
    const durationMs = performance.now() - start;
    console.info(`2 000 resamples of ${labels.length} films: ${durationMs.toFixed(0)} ms`);
    expect(durationMs).toBeLessThan(3000);
  });
});
