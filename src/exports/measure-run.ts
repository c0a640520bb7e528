/**
 * Metrics of one run with patient-level intervals, from its stored predictions: those of results.json, and any other at any threshold.
 */
import { resamplePatients } from '../evaluation/bootstrap.ts';
import { chooseThreshold } from '../evaluation/choose-threshold.ts';
import { prepareConfusion, type Confusion } from '../evaluation/metrics/confusion.ts';
import { metrics, reportedMetrics, type MetricName } from '../evaluation/metrics/registry.ts';
import type { WeightedMetric } from '../evaluation/metrics/metric.ts';
import { Random } from '../random/random.ts';
import type { StatisticsSettings } from '../study/config.ts';
import type { Metrics } from '../study/findings/findings.ts';
import { estimateOf, measureOn } from '../study/cost/measurement.ts';
import type { LabelledPredictions, MeasureRun } from './study-export.ts';

/** One side's films, measured. */
export interface SideMeasurement {
  /** Films with a known label, and their patients. */
  readonly films: number;
  readonly patients: number;
  readonly positives: number;
  /** By metric name; intervals resample patients. */
  readonly metrics: Metrics;
  /** Films by truth and decision at the threshold. */
  readonly confusion: Confusion;
}

/** A run measured without training it again. */
export interface RunMeasurement {
  /** The threshold used, in [0, 1]; a film is called positive when its probability is at least this. */
  readonly threshold: number;
  /** The one that the run's validation patients choose (Youden); null where they have one class only. */
  readonly chosenThreshold: number | null;
  readonly confidence: number;
  readonly resamples: number;
  readonly validation: SideMeasurement;
  /** Null while the study is not finished. */
  readonly test: SideMeasurement | null;
}

/** Taken where validation patients cannot choose a threshold. */
const fallbackThreshold = 0.5;

/**
 * Measures runs by the patient-clustered bootstrap of the study's own settings. Metrics at a threshold use the one that the run's
 * validation predictions choose (Youden), 0.5 where these have one class only.
 */
export function measureRunWith(statistics: StatisticsSettings): MeasureRun {
  return (test, validation) => {
    if (test.labels.length === 0) return {};
    const threshold = chosenBy(validation) ?? fallbackThreshold;
    return metricsOf(test, reportedMetrics, threshold, statistics);
  };
}

/**
 * Measures a run by any metrics at any threshold.
 * @param test null while test patients must not be looked at.
 * @param names of metrics. @param asked the threshold in [0, 1]; null = the one that validation chooses, 0.5 where it cannot.
 * @throws RangeError for a metric that is not in the registry, or another threshold.
 */
export function measureAgain(
  {
    validation,
    test,
  }: { readonly validation: LabelledPredictions; readonly test: LabelledPredictions | null },
  names: readonly string[],
  asked: number | null,
  statistics: StatisticsSettings,
): RunMeasurement {
  const chosenThreshold = chosenBy(validation);
  const threshold = asked ?? chosenThreshold ?? fallbackThreshold;
  if (!(threshold >= 0 && threshold <= 1))
    throw new RangeError(`measureAgain: threshold must be in [0, 1], got ${threshold}`);
  const known = names.map(metricName);
  const measure = (side: LabelledPredictions): SideMeasurement => ({
    films: side.labels.length,
    patients: new Set(side.patientIds).size,
    positives: side.labels.filter((label) => label === 1).length,
    metrics: metricsOf(side, known, threshold, statistics),
    confusion: prepareConfusion(side.labels, side.probabilities, threshold)(),
  });
  return {
    threshold,
    chosenThreshold,
    confidence: statistics.confidence,
    resamples: statistics.bootstrapSamples,
    validation: measure(validation),
    test: test && measure(test),
  };
}

function chosenBy({ labels, probabilities }: LabelledPredictions): number | null {
  return chooseThreshold(labels, probabilities) ?? null;
}

function metricName(name: string): MetricName {
  if (Object.hasOwn(metrics, name)) return name as MetricName;
  throw new RangeError(
    `measureAgain: there is no metric "${name}"; there are ${Object.keys(metrics).join(', ')}`,
  );
}

function metricsOf(
  { labels, probabilities, patientIds }: LabelledPredictions,
  names: readonly MetricName[],
  threshold: number,
  { bootstrapSamples, confidence, seed }: StatisticsSettings,
): Metrics {
  const prepared: WeightedMetric[] = names.map((name) =>
    metrics[name].prepare(labels, probabilities, threshold),
  );
  if (labels.length === 0)
    return Object.fromEntries(names.map((name) => [name, { value: null, low: null, high: null }]));
  const resamples = resamplePatients(patientIds, bootstrapSamples, new Random(seed).fork('runs'));
  const measured = measureOn(resamples, prepared, { labels, patients: patientIds });
  return Object.fromEntries(names.map((name, i) => [name, estimateOf(measured[i]!, confidence)]));
}
