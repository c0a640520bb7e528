/** Runs measured again and compared from stored predictions, against counts by hand and closed forms. */
import { describe, expect, it } from 'vitest';
import { metrics } from '../../src/evaluation/metrics/registry.ts';
import { onSharedRows, pairAurocs } from '../../src/exports/compare-runs.ts';
import { measureAgain, measureRunWith } from '../../src/exports/measure-run.ts';
import { headOfResults } from '../../src/exports/read-results.ts';
import { resultsJson } from '../../src/exports/results-json.ts';
import type { LabelledPredictions, StudyExport } from '../../src/exports/study-export.ts';
import { Random } from '../../src/random/random.ts';
import { study } from './study-fixture.ts';

const statistics = { bootstrapSamples: 400, seed: 1, confidence: 0.95, margin: 0.02 };

const side = (labels: readonly (0 | 1)[], probabilities: readonly number[]): LabelledPredictions => ({
  imageIds: labels.map((_, i) => `film ${i}`),
  patientIds: labels.map((_, i) => `patient ${Math.floor(i / 2)}`),
  labels,
  probabilities,
});

const validation = side([1, 1, 0, 0, 1, 0], [0.9, 0.6, 0.4, 0.7, 0.8, 0.1]);
const test = side([1, 0, 0, 1], [0.65, 0.75, 0.2, 0.5]);

describe('a run measured again', () => {
  it('is called positive from the threshold on, and counted by hand', () => {
    const found = measureAgain({ validation, test }, ['sensitivity', 'specificity'], 0.6, statistics);
    expect(found.validation).toMatchObject({ films: 6, patients: 3, positives: 3 });
    expect(found.validation.confusion).toEqual({
      truePositives: 3,
      falseNegatives: 0,
      falsePositives: 1,
      trueNegatives: 2,
    });
    expect(found.validation.metrics['specificity']!.value).toBeCloseTo(2 / 3, 12);
    expect(found.test!.confusion).toMatchObject({ truePositives: 1, falseNegatives: 1, falsePositives: 1 });
    expect(found.test!.metrics['sensitivity']!.value).toBe(0.5);
  });

  it('takes the threshold of validation patients unless asked for another, and says which', () => {
    const four = side([1, 1, 0, 0], [0.9, 0.6, 0.7, 0.1]);
    const found = measureAgain({ validation: four, test }, ['accuracy'], null, statistics);
    // Youden by hand: 1/2 at 0.6 (2/2 + 1/2 − 1) and at 0.9 (1/2 + 2/2 − 1); of several, the highest.
    expect([found.threshold, found.chosenThreshold]).toEqual([0.9, 0.9]);
    expect(measureAgain({ validation: four, test }, [], 0.3, statistics)).toMatchObject({
      threshold: 0.3,
      chosenThreshold: 0.9,
    });
    const oneClass = measureAgain({ validation: side([1, 1], [0.2, 0.4]), test }, [], null, statistics);
    expect(oneClass).toMatchObject({ threshold: 0.5, chosenThreshold: null });
  });

  it('knows every metric of the registry, with the value that the registry computes', () => {
    const names = Object.keys(metrics) as (keyof typeof metrics)[];
    const found = measureAgain({ validation, test: null }, names, 0.6, statistics);
    expect(found.test).toBeNull();
    for (const name of names)
      expect(found.validation.metrics[name]!.value).toBe(
        metrics[name].compute(validation.labels, validation.probabilities, undefined, 0.6) ?? null,
      );
  });

  it('gives the numbers of results.json for the same threshold', () => {
    const random = new Random('films');
    const labels = Array.from({ length: 60 }, (_, i): 0 | 1 => (i % 3 === 0 ? 1 : 0));
    const films = side(
      labels,
      labels.map((label) => Math.min(1, 0.4 * label + 0.6 * random.uniform())),
    );
    const reported = measureRunWith(statistics)(films, validation);
    const again = measureAgain({ validation, test: films }, Object.keys(reported), null, statistics);
    expect(again.test!.metrics).toEqual(reported);
    const { low, value, high } = reported['auroc']!;
    expect(low!).toBeLessThan(value!);
    expect(high!).toBeGreaterThan(value!);
  });

  it('is undefined, never 0, without films', () => {
    const empty = measureAgain({ validation: side([], []), test: null }, ['auroc'], null, statistics);
    expect(empty.validation.metrics['auroc']).toEqual({ value: null, low: null, high: null });
    expect(empty.validation.films).toBe(0);
  });

  it('refuses unknown metrics and thresholds that are no probability', () => {
    expect(() => measureAgain({ validation, test }, ['luck'], null, statistics)).toThrow(/no metric "luck"/);
    for (const threshold of [-0.1, 1.1, NaN])
      expect(() => measureAgain({ validation, test }, [], threshold, statistics)).toThrow(/threshold/);
  });
});

describe('two runs', () => {
  it('stand on the films that both predicted', () => {
    const [a, b] = onSharedRows(
      { rows: [3, 1, 2], logits: [30, 10, 20] },
      { rows: [2, 3, 4], logits: [2, 3, 4] },
    );
    expect(a).toEqual({ rows: [2, 3], logits: [20, 30] });
    expect(b).toEqual({ rows: [2, 3], logits: [2, 3] });
  });

  it('differ by exactly 0 from themselves, on every resample', () => {
    const { difference, p, left, right } = pairAurocs(validation, validation, statistics);
    expect(difference).toEqual({ value: 0, low: 0, high: 0 });
    expect(p).toBe(1);
    expect(left).toEqual(right);
  });

  it('differ with the sign of left − right, and turn it when they change places', () => {
    const worse = side(
      validation.labels,
      validation.probabilities.map((p) => 1 - p),
    );
    const forth = pairAurocs(validation, worse, statistics);
    const back = pairAurocs(worse, validation, statistics);
    // AUROC by hand: 8 of the 9 pairs are in order; turned round, 1 of 9.
    expect(forth.left.value).toBeCloseTo(8 / 9, 12);
    expect(forth.difference.value).toBeCloseTo(7 / 9, 12);
    expect(back.difference.value).toBeCloseTo(-7 / 9, 12);
    expect(back.difference.high).toBeCloseTo(-forth.difference.low!, 12);
  });

  it('are refused on different films', () => {
    expect(() => pairAurocs(validation, test, statistics)).toThrow(/same films/);
  });
});

describe('results.json', () => {
  it('carries notes, and says so when there are none', () => {
    const notes = { study: 'Film 3 is rotated.', runs: { base: { pinned: true, note: '' } } };
    const of = (some: StudyExport) => headOfResults([...resultsJson(some, () => ({}))].join(''));
    expect(of({ ...study, notes }).notes).toEqual(notes);
    expect(of(study).notes).toEqual({ study: '', runs: {} });
  });
});
