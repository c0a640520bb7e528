/**
 * Test patients with predictions whose AUROC is known: binormal scores, patients of one to four films, seeds whose training turned out better
 * or worse.
 */
import { resamplePatients, type PatientResamples } from '../evaluation/bootstrap.ts';
import { normalCumulative } from '../evaluation/distributions/normal.ts';
import { auroc } from '../evaluation/metrics/auroc.ts';
import type { WeightedMetric } from '../evaluation/metrics/metric.ts';
import type { Random } from '../random/random.ts';
import { measureOn, type Measured } from '../study/cost/measurement.ts';

/** Shares of a score's variance: the patient's, shared by films, arms and seeds; the film's, shared by arms and seeds; the run's own. */
export const varianceShares = { patient: 0.3, film: 0.4, run: 0.3 } as const;

/** Share of patients with the label; all films of a patient have it or none. */
export const prevalence = 0.3;

/** Standard deviation over seeds of the distance between the classes: about 0.02 in AUROC at 0.75. */
export const seedEffect = 0.1;

/** Test films by patient. */
export interface DrawnPatients {
  /** [films], each 0 or 1. */
  readonly labels: readonly number[];
  /** [films] */
  readonly patients: readonly number[];
  /** [films] what all arms and seeds see alike of a film: its patient's and its own part. */
  readonly shared: readonly number[];
}

/** Patients of one to four films, drawn again until both classes have two patients, because the statistics need that many. */
export function drawPatients(count: number, random: Random): DrawnPatients {
  const labels: number[] = [];
  const patients: number[] = [];
  const shared: number[] = [];
  let positives = 0;
  for (let patient = 0; patient < count; patient++) {
    const label = Number(random.chance(prevalence));
    positives += label;
    const own = random.normal(0, Math.sqrt(varianceShares.patient));
    for (let films = 1 + random.integer(4); films > 0; films--) {
      labels.push(label);
      patients.push(patient);
      shared.push(own + random.normal(0, Math.sqrt(varianceShares.film)));
    }
  }
  return positives < 2 || count - positives < 2 ? drawPatients(count, random) : { labels, patients, shared };
}

/** The AUROC of all runs' scores whose class distance is `distance`: Φ(distance / √2), for films of different patients. */
export function trueAuroc(distance: number): number {
  return normalCumulative(distance / Math.SQRT2);
}

/** The mean of that over seeds whose distances spread by `spread`: Φ(distance / √(2 + spread²)). */
export function expectedAuroc(distance: number, spread = seedEffect): number {
  return normalCumulative(distance / Math.sqrt(2 + spread ** 2));
}

/** The distance with a given expected AUROC, by bisection. */
export function distanceOf(wanted: number, spread = seedEffect): number {
  let [low, high] = [-10, 10];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (expectedAuroc(middle, spread) < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Scores [films] of a run. */
export function drawScores({ labels, shared }: DrawnPatients, distance: number, random: Random): number[] {
  const own = Math.sqrt(varianceShares.run);
  return labels.map((label, film) => distance * label + shared[film]! + random.normal(0, own));
}

/** Class distances of the seeds of an arm. @param spread their standard deviation. */
export function drawDistances(
  distance: number,
  seeds: number,
  random: Random,
  spread = seedEffect,
): number[] {
  return Array.from({ length: seeds }, () => random.normal(distance, spread));
}

/** AUROC of runs as a function of weights. @param scores [runs][films]. */
export function aurocsOf(drawn: DrawnPatients, scores: readonly (readonly number[])[]): WeightedMetric[] {
  return scores.map((score) => auroc.prepare(drawn.labels, score));
}

/** Statistics on the patients and on their resamples. */
export function measure(
  { labels, patients }: DrawnPatients,
  resamples: PatientResamples,
  statistics: readonly WeightedMetric[],
): readonly Measured[] {
  return measureOn(resamples, statistics, { labels, patients: patients.map(String) });
}

/** Resamples of the patients drawn. */
export function resample({ patients }: DrawnPatients, count: number, random: Random): PatientResamples {
  return resamplePatients(patients, count, random);
}
