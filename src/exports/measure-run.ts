/**
 * Metrics of one run with patient-level intervals, for results.json.
 */
import { percentileInterval, replicate, resamplePatients } from '../evaluation/bootstrap.ts';
import { chooseThreshold } from '../evaluation/choose-threshold.ts';
import { metrics, reportedMetrics } from '../evaluation/metrics/registry.ts';
import type { WeightedMetric } from '../evaluation/metrics/metric.ts';
import { Random } from '../random/random.ts';
import type { StatisticsSettings } from '../study/config.ts';
import type { Estimate } from '../study/findings.ts';
import type { MeasureRun } from './study-export.ts';

/**
 * Measures runs by the patient-clustered bootstrap of the study's own settings. Metrics at a threshold use the one that the run's
 * validation predictions choose (Youden), 0.5 where these have one class only.
 */
export function measureRunWith({ bootstrapSamples, confidence, seed }: StatisticsSettings): MeasureRun {
  return (test, validation) => {
    if (test.labels.length === 0) return {};
    const threshold = chooseThreshold(validation.labels, validation.probabilities) ?? 0.5;
    const prepared = reportedMetrics.map((name) =>
      metrics[name].prepare(test.labels, test.probabilities, threshold),
    );
    const resamples = resamplePatients(test.patientIds, bootstrapSamples, new Random(seed).fork('runs'));
    const replicates = replicate(resamples, prepared);
    return Object.fromEntries(
      reportedMetrics.map((name, i) => [name, estimateOf(prepared[i]!, replicates[i]!, confidence)]),
    );
  };
}

function estimateOf(metric: WeightedMetric, replicates: Float64Array, confidence: number): Estimate {
  const value = metric();
  const { interval } = percentileInterval(replicates, confidence);
  if (value === undefined) return { value: null, low: null, high: null };
  return { value, low: interval?.low ?? null, high: interval?.high ?? null };
}
