/**
 * Metrics of chosen runs on test patients, with their bootstrap replicates. All conditions of a label that were tested on the same films
 * share one set of resamples, so that any two of them are paired patient by patient.
 */
import type { CohortRow } from '../../cohort/cohort.ts';
import {
  percentileInterval,
  replicate,
  resamplePatients,
  type PatientResamples,
} from '../../evaluation/bootstrap.ts';
import { chooseThreshold } from '../../evaluation/choose-threshold.ts';
import { auroc } from '../../evaluation/metrics/auroc.ts';
import type { WeightedMetric } from '../../evaluation/metrics/metric.ts';
import { metrics, reportedMetrics, type MetricName } from '../../evaluation/metrics/registry.ts';
import type { Random } from '../../random/random.ts';
import type { Estimate } from '../findings/findings.ts';
import type { Predictions, RunResult } from '../job.ts';

/** Films with a known label. */
export interface LabelledRows {
  /** Positions in the cohort, ascending. */
  readonly rows: readonly number[];
  /** [rows], each 0 or 1. */
  readonly labels: readonly number[];
  /** [rows] */
  readonly patients: readonly string[];
}

/** A number on the test patients and on each resample of them. */
export interface Measured {
  readonly value: number | undefined;
  /** NaN where it is not defined. */
  readonly replicates: Float64Array;
  /** Patients of the rarer class among them: the fewer, the further out the ends of an interval. */
  readonly rarerClassPatients: number;
}

/** Measures runs of one label. Results depend on the random stream and the test films only, not on what was measured before. */
export class Measurement {
  readonly #cohort: ReadonlyMap<number, CohortRow>;
  readonly #label: number;
  readonly #samples: number;
  readonly #random: Random;
  readonly #resamples = new Map<string, PatientResamples>();
  readonly #aurocs = new Map<string, Measured>();

  /** @param label index of the label in the rows' labels. @param samples bootstrap resamples. */
  constructor(cohort: ReadonlyMap<number, CohortRow>, label: number, samples: number, random: Random) {
    this.#cohort = cohort;
    this.#label = label;
    this.#samples = samples;
    this.#random = random;
  }

  /** Test films that all the runs predicted and whose label is known. @throws RangeError when a run predicted a film as test that is not. */
  testRows(runs: readonly RunResult[]): LabelledRows {
    return this.#commonRows(
      runs.map((run) => run.test),
      'test',
    );
  }

  /** Validation films that all the runs predicted and whose label is known. */
  validationRows(runs: readonly RunResult[]): LabelledRows {
    return this.#commonRows(
      runs.map((run) => run.validation),
      'validation',
    );
  }

  /** The threshold that a run's validation patients choose; undefined when they have one class only. */
  threshold(run: RunResult): number | undefined {
    const { rows, labels } = this.validationRows([run]);
    return chooseThreshold(labels, probabilitiesOf(run.validation, rows));
  }

  /** Every reported metric of each run: [metric name] → [runs]. A metric at a threshold takes that of the run's own validation patients. */
  measure(runs: readonly RunResult[], test: LabelledRows): Readonly<Record<string, readonly Measured[]>> {
    const statistics = reportedMetrics.flatMap((name) => runs.map((run) => this.#prepare(name, run, test)));
    const measured = this.replicate(statistics, test);
    return Object.fromEntries(
      reportedMetrics.map((name, m) => {
        const ofMetric = measured.slice(m * runs.length, (m + 1) * runs.length);
        if (name === 'auroc') runs.forEach((run, s) => this.#aurocs.set(aurocKey(run, test), ofMetric[s]!));
        return [name, ofMetric];
      }),
    );
  }

  /** AUROC of one run. */
  auroc(run: RunResult, test: LabelledRows): Measured {
    const key = aurocKey(run, test);
    const known = this.#aurocs.get(key);
    if (known) return known;
    const statistic = auroc.prepare(test.labels, probabilitiesOf(run.test, test.rows));
    const measured = this.replicate([statistic], test)[0]!;
    this.#aurocs.set(key, measured);
    return measured;
  }

  /** Any statistics of test films, on the films and on the resamples that all statistics of these films share. */
  replicate(statistics: readonly WeightedMetric[], test: LabelledRows): readonly Measured[] {
    if (test.rows.length === 0)
      return statistics.map(() => ({
        value: undefined,
        replicates: new Float64Array(0),
        rarerClassPatients: 0,
      }));
    const key = test.rows.join();
    if (!this.#resamples.has(key))
      this.#resamples.set(
        key,
        resamplePatients(test.patients, this.#samples, this.#random.fork('resamples')),
      );
    return measureOn(this.#resamples.get(key)!, statistics, test);
  }

  /** What else is known of films: sex, age, view … [rows] */
  groups(rows: readonly number[]): readonly Readonly<Record<string, string>>[] {
    return rows.map((row) => this.#cohort.get(row)?.groups ?? {});
  }

  #prepare(name: MetricName, run: RunResult, test: LabelledRows): WeightedMetric {
    const metric = metrics[name];
    const probabilities = probabilitiesOf(run.test, test.rows);
    if (!metric.atThreshold) return metric.prepare(test.labels, probabilities);
    const threshold = this.threshold(run);
    return threshold === undefined ? () => undefined : metric.prepare(test.labels, probabilities, threshold);
  }

  #commonRows(predictions: readonly Predictions[], split: 'validation' | 'test'): LabelledRows {
    // Every prediction is checked, not only those that all runs share: one film of another side spoils a run.
    predictions.forEach((run) => run.rows.forEach((row) => this.#row(row, split)));
    const others = predictions.slice(1).map(({ rows }) => new Set(rows));
    const rows = (predictions[0]?.rows ?? [])
      .filter((row) => others.every((set) => set.has(row)))
      .filter((row) => this.#row(row, split).labels[this.#label] !== null)
      .sort((a, b) => a - b);
    return {
      rows,
      labels: rows.map((row) => this.#row(row, split).labels[this.#label]!),
      patients: rows.map((row) => this.#row(row, split).patientId),
    };
  }

  #row(index: number, split: 'validation' | 'test'): CohortRow {
    const row = this.#cohort.get(index);
    if (row?.split !== split)
      throw new RangeError(
        `findings: row ${index} was predicted as ${split} but is ${row ? `on the ${row.split} side` : 'not in the cohort'}`,
      );
    return row;
  }
}

/** The probabilities of rows, in their order. @throws RangeError when a row was not predicted. */
export function probabilitiesOf({ rows, logits }: Predictions, wanted: readonly number[]): number[] {
  const place = new Map(rows.map((row, i) => [row, i]));
  return wanted.map((row) => {
    const i = place.get(row);
    if (i === undefined) throw new RangeError(`findings: row ${row} has no prediction`);
    return 1 / (1 + Math.exp(-logits[i]!));
  });
}

/** Mean over runs of the probability of each row. @param side which predictions. */
export function meanProbabilities(
  runs: readonly RunResult[],
  side: (run: RunResult) => Predictions,
  rows: readonly number[],
): number[] {
  const ofRuns = runs.map((run) => probabilitiesOf(side(run), rows));
  return rows.map((_, i) => ofRuns.reduce((sum, run) => sum + run[i]!, 0) / runs.length);
}

/** Statistics of films, on the films and on resamples of their patients. */
export function measureOn(
  resamples: PatientResamples,
  statistics: readonly WeightedMetric[],
  films: Omit<LabelledRows, 'rows'>,
): readonly Measured[] {
  const replicates = replicate(resamples, statistics);
  const fewer = rarerClassPatients(films);
  return statistics.map((statistic, i) => ({
    value: statistic(),
    replicates: replicates[i]!,
    rarerClassPatients: fewer,
  }));
}

/** Patients with a film of either class, the fewer of both; one with films of both counts in each. */
export function rarerClassPatients({ labels, patients }: Omit<LabelledRows, 'rows'>): number {
  const withClass = (wanted: number): number => new Set(patients.filter((_, i) => labels[i] === wanted)).size;
  return Math.min(withClass(0), withClass(1));
}

/** A measured number with its percentile interval, expanded for few patients of the rarer class; what is not defined is null. */
export function estimateOf(
  { value, replicates, rarerClassPatients }: Measured,
  confidence: number,
): Estimate {
  if (value === undefined) return { value: null, low: null, high: null };
  const { interval } = percentileInterval(replicates, confidence, rarerClassPatients);
  return { value, low: interval?.low ?? null, high: interval?.high ?? null };
}

/** The mean over runs, place by place: of the values and of the replicates. Undefined where one of them is. */
export function meanOver(measured: readonly Measured[]): Measured {
  const value = measured.reduce<number | undefined>(
    (sum, m) => (sum === undefined || m.value === undefined ? undefined : sum + m.value),
    0,
  );
  const replicates = new Float64Array(measured[0]?.replicates.length ?? 0);
  for (const m of measured) m.replicates.forEach((v, b) => (replicates[b]! += v / measured.length));
  return {
    value: value === undefined || measured.length === 0 ? undefined : value / measured.length,
    replicates,
    rarerClassPatients: Math.min(...measured.map((m) => m.rarerClassPatients)),
  };
}

/** a − b, paired resample by resample. Both must come from the same test films. */
export function subtractMeasured(a: Measured, b: Measured): Measured {
  return {
    value: a.value === undefined || b.value === undefined ? undefined : a.value - b.value,
    replicates: a.replicates.map((v, i) => v - b.replicates[i]!),
    rarerClassPatients: Math.min(a.rarerClassPatients, b.rarerClassPatients),
  };
}

function aurocKey(run: RunResult, test: LabelledRows): string {
  return `${run.id} ${test.rows.join()}`;
}
