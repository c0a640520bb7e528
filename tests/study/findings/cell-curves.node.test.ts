/** Curves, calibration and groups of a cell: against metrics that must agree with them, and cases whose truth is known. */
import { describe, expect, it } from 'vitest';
import type { CohortRow } from '../../../src/cohort/cohort.ts';
import { auprc } from '../../../src/evaluation/metrics/auprc.ts';
import { auroc } from '../../../src/evaluation/metrics/auroc.ts';
import { wilsonInterval } from '../../../src/evaluation/proportion-interval.ts';
import { Random } from '../../../src/random/random.ts';
import type { Cell } from '../../../src/study/findings/findings.ts';
import { precisionRecallOf } from '../../../src/study/findings/cell-curves.ts';
import type { RunResult } from '../../../src/study/job.ts';
import { meanProbabilities } from '../../../src/study/cost/measurement.ts';
import { groupFilms } from '../../../src/study/findings/subgroups.ts';
import { summarize, type StudyResults } from '../../../src/study/findings/summary.ts';
import { simulateStudy } from '../simulated-study.ts';

const study = simulateStudy({ strengths: { imageOnly: 1.5 }, candidates: 1 });
const first = (of: StudyResults): Cell => summarize(of).cells[0]!;
const cell = first(study);
const runs = study.results as readonly RunResult[];
const testRows = runs[0]!.test.rows;
const labels = testRows.map((row) => study.rows[row]!.labels[0]!);
const probabilities = meanProbabilities(runs, (run) => run.test, testRows);

/** The study with each run's logits as a function of film and run, on both sides. */
function withLogits(
  logitOf: (logit: number, row: number) => number,
  side: 'test' | 'validation',
): StudyResults {
  const results = runs.map((run) => ({
    ...run,
    [side]: { rows: run[side].rows, logits: run[side].logits.map((z, i) => logitOf(z, run[side].rows[i]!)) },
  }));
  return { ...study, results };
}

describe('precision and recall', () => {
  it('sum to the average precision, from recall 0 to 1', () => {
    const curve = cell.precisionRecall;
    const area = curve
      .slice(1)
      .reduce((sum, { recall, precision }, i) => sum + (recall - curve[i]!.recall) * precision, 0);
    expect(area).toBeCloseTo(auprc.compute(labels, probabilities)!, 12);
    expect(curve[0]).toEqual({ recall: 0, precision: 1 });
    expect(curve.at(-1)!.recall).toBe(1);
    expect(precisionRecallOf({ labels: [0, 0], probabilities: [0.1, 0.2] })).toEqual([]);
  });
});

describe('calibration', () => {
  it('bins every film once, about equally many, with the share of positives and its Wilson interval', () => {
    const { bins, error } = cell.calibration!;
    expect(bins.map(({ films }) => films)).toEqual(new Array(10).fill(20));
    const total = bins.reduce((sum, bin) => sum + bin.shareOfPositives.value! * bin.films, 0);
    expect(total).toBeCloseTo(cell.testPositives, 9);
    const { value, low, high } = bins[4]!.shareOfPositives;
    expect({ low, high }).toEqual(wilsonInterval(Math.round(20 * value!), 20, 0.95));
    const gaps = bins.reduce(
      (sum, bin) => sum + Math.abs(bin.shareOfPositives.value! - bin.meanProbability) / 10,
      0,
    );
    expect(error.value).toBeCloseTo(gaps, 12);
    expect(error.low!).toBeLessThan(error.high!);
  });

  it('has fewer bins for few films, and none without films', () => {
    const of = (known: number) =>
      first(
        simulateStudy({
          strengths: { imageOnly: 1 },
          labelOf: (row) => (row < known ? (row % 2 ? 1 : 0) : null),
        }),
      );
    expect(of(34).calibration!.bins).toHaveLength(3);
    expect(of(6).calibration!.bins).toHaveLength(1);
    expect(of(0)).toMatchObject({ calibration: null, decisionCurve: [], subgroups: [], precisionRecall: [] });
  });

  it('finds the temperature by which logits were blown up, and mends them', () => {
    // One run whose validation logits are right by construction: outcomes drawn with the probability said.
    const random = new Random('outcomes');
    const rows = study.rows.map((row): CohortRow => {
      const logit = runs[0]!.validation.rows.indexOf(row.index) < 0 ? null : random.normal(0, 1.5);
      return logit === null
        ? row
        : {
            ...row,
            labels: [random.chance(1 / (1 + Math.exp(-logit))) ? 1 : 0],
            groups: { logit: String(logit) },
          };
    });
    const at = (factor: number) =>
      first({
        ...withLogits((_, row) => factor * Number(rows[row]!.groups['logit']), 'validation'),
        rows,
      }).calibration!.temperature!;
    // All scales alike: τ of the blown-up logits is the factor times τ of the logits themselves.
    expect(at(3) / at(1)).toBeCloseTo(3, 3);
    const cold = first(withLogits((z) => 6 * z, 'test'));
    const scaled = first({
      ...study,
      results: runs.map((run) => ({
        ...run,
        test: { ...run.test, logits: run.test.logits.map((z) => 6 * z) },
        validation: { ...run.validation, logits: run.validation.logits.map((z) => 6 * z) },
      })),
    });
    expect(scaled.calibration!.error.value).toBeCloseTo(cold.calibration!.error.value!, 12);
    expect(scaled.calibration!.scaled!.error.value!).toBeLessThan(scaled.calibration!.error.value! / 2);
    expect(scaled.calibration!.scaled!.bins.map(({ films }) => films)).toEqual(new Array(10).fill(20));
  });

  it('says null where validation has one class, or sets both apart entirely', () => {
    const label = (row: number) => study.rows[row]!.labels[0]!;
    const apart = first(withLogits((_, row) => (label(row) ? 2 : -2), 'validation'));
    expect(apart.calibration).toMatchObject({ temperature: null, scaled: null });
    const rows = study.rows.map((row) =>
      row.split === 'validation' ? { ...row, labels: [0 as const] } : row,
    );
    expect(first({ ...study, rows }).calibration).toMatchObject({ temperature: null, scaled: null });
    expect(first({ ...study, rows }).calibration!.bins).toHaveLength(10);
  });
});

describe('decision curve', () => {
  it('runs from 0.05 to the highest probability, at most the prevalence, above nothing where the classifier is good', () => {
    const curve = cell.decisionCurve;
    const highest = Math.max(...probabilities);
    expect(curve[0]!.threshold).toBe(0.05);
    expect(curve.at(-1)!.threshold).toBeLessThanOrEqual(highest);
    expect(curve.at(-1)!.threshold).toBeGreaterThan(highest - 0.05);
    for (const { threshold, netBenefit, treatAll } of curve) {
      expect(netBenefit.value!).toBeLessThanOrEqual(0.5);
      expect(netBenefit.low!).toBeLessThanOrEqual(netBenefit.value! + 1e-9);
      expect(treatAll).toBeCloseTo(0.5 - 0.5 * (threshold / (1 - threshold)), 12);
    }
    const half = curve.find(({ threshold }) => threshold === 0.5)!;
    expect(half.netBenefit.low!).toBeGreaterThan(Math.max(0, half.treatAll));
  });
});

describe('groups', () => {
  const grouped = (sizes?: readonly (number | 'all')[]) => {
    const simulated = simulateStudy({
      strengths: { imageOnly: 1.5 },
      candidates: 1,
      ...(sizes ? { sizes } : {}),
    });
    const rows = simulated.rows.map((row) => ({
      ...row,
      groups: { sex: row.index % 4 < 2 ? 'F' : 'M', view: row.index < 100 ? 'AP' : 'PA' },
    }));
    return { ...simulated, rows };
  };

  it('have the mean over seeds of the AUROC of their films', () => {
    const { subgroups } = first(grouped());
    expect(subgroups.map(({ by, group, films, small }) => [by, group, films, small])).toEqual([
      ['sex', 'F', 100, false],
      ['sex', 'M', 100, false],
      ['view', 'AP', 20, false],
      ['view', 'PA', 180, false],
    ]);
    const women = testRows.flatMap((row, i) => (row % 4 < 2 ? [i] : []));
    const areas = runs.map(({ test }) =>
      auroc.compute(
        women.map((i) => labels[i]!),
        women.map((i) => test.logits[i]!),
      )!,
    );
    const { auroc: found, positives, patients } = subgroups[0]!;
    expect(found.value).toBeCloseTo(areas.reduce((sum, area) => sum + area, 0) / 3, 12);
    expect(found.low!).toBeLessThan(found.value!);
    expect([positives, patients]).toEqual([50, 50]);
  });

  it('stand at the largest training size only, and small ones say so', () => {
    const bySize = summarize(grouped([50, 'all'])).cells.map(({ trainingSize, subgroups }) => [
      trainingSize,
      subgroups.length,
    ]);
    expect(bySize).toEqual([
      [50, 0],
      ['all', 4],
    ]);
    const few = simulateStudy({ strengths: { imageOnly: 1 }, patients: 18 });
    const rows = few.rows.map((row) => ({ ...row, groups: { sex: row.index < 98 ? 'F' : 'M' } }));
    expect(first({ ...few, rows }).subgroups.map(({ positives, small }) => [positives, small])).toEqual([
      [9, true],
      [9, true],
    ]);
  });

  it('put ages in years in bands, and leave out what is not known or has too many values', () => {
    const ages = ['17', '18', '039Y', '40.5', '65', '101', ''];
    const films = ages.map((age, i) => ({
      'Patient Age': age,
      image: `image ${i}`,
      site: 'one',
      many: String(i * i),
    }));
    const byAge = groupFilms(films.map(({ 'Patient Age': age, site }) => ({ 'Patient Age': age, site })));
    expect(byAge.map(({ group, films: own }) => [group, own])).toEqual([
      ['0–17', [0]],
      ['18–39', [1, 2]],
      ['40–64', [3]],
      ['65 and older', [4, 5]],
    ]);
    // Bands that the cohort brought stay as they are, and "image" is no age.
    const asFound = groupFilms([
      { age: '18-39', image: '5' },
      { age: '80+', image: '70' },
    ]);
    expect(asFound.map(({ by, group }) => `${by} ${group}`)).toEqual([
      'age 18-39',
      'age 80+',
      'image 5',
      'image 70',
    ]);
    const nine = Array.from({ length: 9 }, (_, i) => ({ site: String(i) }));
    expect(groupFilms(nine)).toEqual([]);
    expect(groupFilms(nine.slice(1))).toHaveLength(8);
  });
});
