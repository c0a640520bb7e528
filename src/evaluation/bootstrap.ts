/**
 * The patient-clustered bootstrap: patients are drawn with replacement, and a patient drawn k times brings all of its rows with weight k.
 * Rows are never copied, so that a metric prepared once is computed for thousands of resamples in the time of some sorts.
 *
 * Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapters 13 and 14.
 */
import type { Random } from '../random/random.ts';
import { quantile } from './calibration.ts';
import { normalCumulative, normalQuantile } from './distributions/normal.ts';
import { expandedP, expandedTail } from './expanded-percentile.ts';
import type { Interval } from './interval.ts';
import type { WeightedMetric } from './metrics/metric.ts';

/** Rows grouped in patients, with the draws of each resample. The same resamples serve every statistic of the same rows, which pairs them. */
export interface PatientResamples {
  /** Patient of each row, from 0. */
  readonly patientOfRow: Int32Array;
  readonly patientCount: number;
  /** [resamples × patients] how often each patient was drawn. */
  readonly draws: Uint16Array;
  readonly resampleCount: number;
}

/**
 * Draws as many patients as there are, with replacement, for each resample.
 * @param patients [rows] the patient of each row. @throws RangeError without rows or resamples.
 */
export function resamplePatients(
  patients: readonly (string | number)[],
  resampleCount: number,
  random: Random,
): PatientResamples {
  const { patientOfRow, patientCount } = numberPatients(patients);
  if (!(patientCount > 0 && Number.isInteger(resampleCount) && resampleCount > 0))
    throw new RangeError(
      `resamplePatients: need at least one row and one resample, got ${patients.length} and ${resampleCount}`,
    );
  const draws = new Uint16Array(resampleCount * patientCount);
  for (let b = 0; b < resampleCount; b++)
    for (let k = 0; k < patientCount; k++) draws[b * patientCount + random.integer(patientCount)]! += 1;
  return { patientOfRow, patientCount, draws, resampleCount };
}

function numberPatients(patients: readonly (string | number)[]): {
  patientOfRow: Int32Array;
  patientCount: number;
} {
  const numbers = new Map<string | number, number>();
  const patientOfRow = Int32Array.from(patients, (patient) => {
    if (!numbers.has(patient)) numbers.set(patient, numbers.size);
    return numbers.get(patient)!;
  });
  return { patientOfRow, patientCount: numbers.size };
}

/**
 * Each statistic on each resample; NaN where it is not defined there.
 * @returns [statistics] of [resamples].
 */
export function replicate(
  resamples: PatientResamples,
  statistics: readonly WeightedMetric[],
): Float64Array<ArrayBuffer>[] {
  const { patientOfRow, patientCount, draws, resampleCount } = resamples;
  const results = statistics.map(() => new Float64Array(resampleCount));
  const weights = new Float64Array(patientOfRow.length);
  for (let b = 0; b < resampleCount; b++) {
    const start = b * patientCount;
    for (let row = 0; row < weights.length; row++) weights[row] = draws[start + patientOfRow[row]!]!;
    statistics.forEach((statistic, s) => (results[s]![b] = statistic(weights) ?? NaN));
  }
  return results;
}

/** A bootstrap interval, with how many replicates it stands on. */
export interface BootstrapInterval {
  /** Undefined when too few replicates are defined; see `percentileInterval`. */
  readonly interval: Interval | undefined;
  /** Replicates on which the statistic is defined, and those that were dropped. */
  readonly defined: number;
  readonly dropped: number;
}

/**
 * The percentile interval of the replicates that are defined, expanded for few patients (see `expandedTail`). It is undefined unless at least
 * half of the replicates are, and at least 2 / (1 − confidence) of them (40 for 95 %), so that each tail of a plain interval holds one; and with
 * fewer than two patients. With five or fewer it asks for percentiles beyond the last of 1,000 replicates and ends near the outermost ones.
 * @param replicates NaN = not defined. @param confidence in (0, 1).
 * @param patients that the statistic rests on: of a ranking those of the rarer class. ∞ for the plain percentile interval.
 */
export function percentileInterval(
  replicates: Float64Array,
  confidence: number,
  patients = Infinity,
): BootstrapInterval {
  const plain = (1 - checkConfidence(confidence)) / 2;
  if (patients < 2) return { ...intervalBetween(replicates, confidence, plain, plain), interval: undefined };
  const tail = expandedTail(plain, patients);
  return intervalBetween(replicates, confidence, tail, 1 - tail);
}

/**
 * The bias-corrected and accelerated interval (Efron, JASA 82, 1987): percentiles moved by the median bias of the replicates and by the
 * skewness of the statistic with one patient left out at a time. Undefined under the rule of `percentileInterval`, and when all
 * replicates lie on one side of the estimate or a patient's absence leaves the statistic undefined.
 * @param estimate the statistic of the rows themselves.
 */
export function bcaInterval(
  resamples: PatientResamples,
  statistic: WeightedMetric,
  estimate: number,
  replicates: Float64Array,
  confidence: number,
): BootstrapInterval {
  const tail = (1 - checkConfidence(confidence)) / 2;
  const defined = replicates.filter((value) => !Number.isNaN(value));
  const below = defined.reduce((sum, v) => sum + (v < estimate ? 1 : v === estimate ? 0.5 : 0), 0);
  const bias = normalQuantile(below / defined.length || 0);
  const acceleration = patientAcceleration(resamples, statistic);
  if (!Number.isFinite(bias) || acceleration === undefined)
    return { interval: undefined, defined: defined.length, dropped: replicates.length - defined.length };
  const share = (p: number) => {
    const z = bias + normalQuantile(p);
    return normalCumulative(bias + z / (1 - acceleration * z));
  };
  return intervalBetween(replicates, confidence, share(tail), share(1 - tail));
}

/** Σ d³ / 6 (Σ d²)^1.5 over patients, d the mean of the leave-one-patient-out statistics less each. */
function patientAcceleration(
  { patientOfRow, patientCount }: PatientResamples,
  statistic: WeightedMetric,
): number | undefined {
  const weights = new Float64Array(patientOfRow.length);
  const values = new Float64Array(patientCount);
  for (let left = 0; left < patientCount; left++) {
    patientOfRow.forEach((patient, row) => (weights[row] = patient === left ? 0 : 1));
    values[left] = statistic(weights) ?? NaN;
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / patientCount;
  if (Number.isNaN(mean)) return undefined;
  const squares = values.reduce((sum, value) => sum + (mean - value) ** 2, 0);
  const cubes = values.reduce((sum, value) => sum + (mean - value) ** 3, 0);
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
}

/**
 * Two-sided p of a statistic that is 0 under the null hypothesis, by inverting the percentile interval:
 * p = min(1, 2 · min(1 + #{replicate ≤ 0}, 1 + #{replicate ≥ 0}) / (1 + B)) over the B defined replicates, expanded for few patients as the
 * interval is. Never 0: a finite number of resamples cannot show that (Davison & Hinkley, Bootstrap Methods and their Application, 1997,
 * section 4.2).
 * @param patients as of `percentileInterval`.
 * @returns undefined under the rule of `percentileInterval`.
 */
export function bootstrapP(
  replicates: Float64Array,
  confidence: number,
  patients = Infinity,
): number | undefined {
  const { interval, defined } = percentileInterval(replicates, confidence, patients);
  if (!interval) return undefined;
  let [atMost, atLeast] = [1, 1];
  for (const value of replicates) {
    if (value <= 0) atMost += 1;
    if (value >= 0) atLeast += 1;
  }
  return expandedP(Math.min(1, (2 * Math.min(atMost, atLeast)) / (defined + 1)), patients);
}

/**
 * The standard deviation of the defined replicates, divisor B − 1, times √(n / (n − 1)); undefined with fewer than two replicates or patients.
 * @param patients n that the statistic rests on: what the bootstrap takes for its whole population is a sample. ∞ for the plain one.
 */
export function bootstrapStandardError(replicates: Float64Array, patients = Infinity): number | undefined {
  const defined = replicates.filter((value) => !Number.isNaN(value));
  if (defined.length < 2 || patients < 2) return undefined;
  const mean = defined.reduce((sum, value) => sum + value, 0) / defined.length;
  const sum = defined.reduce((total, value) => total + (value - mean) ** 2, 0);
  const sample = patients === Infinity ? 1 : patients / (patients - 1);
  return Math.sqrt((sample * sum) / (defined.length - 1));
}

function intervalBetween(
  replicates: Float64Array,
  confidence: number,
  low: number,
  high: number,
): BootstrapInterval {
  const sorted = replicates.filter((value) => !Number.isNaN(value)).sort();
  const needed = Math.max(replicates.length / 2, 2 / (1 - confidence) - 1e-9);
  return {
    interval:
      sorted.length >= needed ? { low: quantile(sorted, low), high: quantile(sorted, high) } : undefined,
    defined: sorted.length,
    dropped: replicates.length - sorted.length,
  };
}

function checkConfidence(confidence: number): number {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`bootstrap: confidence must be in (0, 1), got ${confidence}`);
  return confidence;
}
