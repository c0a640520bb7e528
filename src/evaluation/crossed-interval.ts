/**
 * The interval of a seed-averaged number when seeds, too, are a sample.
 *
 * Every seed is tested on the same patients: seeds and patients are crossed, as readers and cases are in multi-reader multi-case studies, and
 * their analysis is taken over with "seed" for "reader" (Obuchowski & Rockette, Communications in Statistics 24, 1995; Hillis, Statistics in
 * Medicine 26, 2007, whose degrees of freedom these are). It speaks of new trainings on the same pool of training patients, tested on new
 * patients; what another pool would have taught is not in it. The correction of Nadeau & Bengio (Machine Learning 52, 2003) is for another
 * design, repeated random splits into training and test patients; here one test set serves all seeds, and its variance is estimated, not guessed.
 */
import { studentQuantile, studentTwoSidedP, studentUpperTail } from './distributions/student-t.ts';
import type { Interval } from './interval.ts';

/** A mean over seeds with its uncertainty over patients and seeds. */
export interface CrossedInterval extends Interval {
  /** Mean over seeds. */
  readonly value: number;
  readonly standardError: number;
  /** Of the t distribution; Infinity where the seeds do not differ. */
  readonly degreesOfFreedom: number;
  /** Two-sided p that the truth is 0. With a standard error of 0 it is 1 for a value of 0, else 0. */
  readonly p: number;
}

/**
 * Variance = MS / S + C: MS the variance between the S seeds' numbers, which holds the spread of seeds and what of the patients' error is each
 * seed's own, so that the interaction of patients and seeds is counted once; C the mean covariance, over resamples of patients, between two
 * seeds, not below 0. The variance component of seeds is not let below 0 either: the result is never less than the variance over patients of
 * the mean. Degrees of freedom (S · variance)² / (MS² / (S − 1)): Satterthwaite's, and where no component is held at 0, Hillis'. Without that floor
 * seeds that happen to agree would make the interval too sure of itself.
 *
 * Two seeds may agree so well by chance that it does not help; see `degreesOfTwoSeeds`.
 * @param values [seeds]. @param replicates [seeds] of [resamples], paired by resample; NaN = not defined there. @param confidence in (0, 1).
 * @returns undefined with fewer than two seeds, or when fewer than half of the resamples, or fewer than 2 / (1 − confidence), are defined for
 * all seeds.
 * @throws RangeError when seeds and replicates do not match or the confidence is out of range.
 */
export function crossedInterval(
  values: readonly number[],
  replicates: readonly Float64Array[],
  confidence: number,
): CrossedInterval | undefined {
  const seeds = values.length;
  if (!(confidence > 0 && confidence < 1 && replicates.length === seeds))
    throw new RangeError(
      `crossedInterval: need replicates of each of ${seeds} seeds and confidence in (0, 1), got ${replicates.length}, ${confidence}`,
    );
  if (seeds < 2) return undefined;
  const patients = patientVariances(replicates, confidence);
  if (!patients) return undefined;
  const value = mean(values);
  const meanSquare = variance(values);
  const covariance = Math.max(0, (seeds * patients.ofMean - patients.meanOfSeeds) / (seeds - 1));
  const total = Math.max(meanSquare / seeds + covariance, patients.ofMean);
  const standardError = Math.sqrt(total);
  const degreesOfFreedom =
    meanSquare === 0
      ? Infinity
      : seeds === 2
        ? degreesOfTwoSeeds(meanSquare / 2, total, confidence)
        : ((seeds - 1) * (seeds * total) ** 2) / meanSquare ** 2;
  const half = studentQuantile((1 + confidence) / 2, degreesOfFreedom) * standardError;
  const p =
    standardError > 0 ? studentTwoSidedP(value / standardError, degreesOfFreedom) : Number(value === 0);
  return { value, standardError, degreesOfFreedom, p, low: value - half, high: value + half };
}

/**
 * The degrees of freedom with which two seeds' interval is as wide as Howe's (JASA 69, 1974), who adds the half-widths of both parts in squares:
 * t₁² · MS / 2 + z² · C, with t₁ Student's of one degree of freedom. Satterthwaite's approximation takes an MS that is small by chance for a sign of
 * many degrees of freedom, and where seeds spread more than patients do it holds the truth in less than 90 of 100. Howe's interval holds it in
 * 95 to 99.
 * @param seedPart MS / 2, in (0, total]. @param total variance of the mean.
 */
function degreesOfTwoSeeds(seedPart: number, total: number, confidence: number): number {
  const [one, many] = [1, Infinity].map((degrees) => studentQuantile((1 + confidence) / 2, degrees) ** 2);
  const wanted = Math.sqrt((one! * seedPart + many! * (total - seedPart)) / total);
  // The tail beyond `wanted` falls as degrees rise: halving on their logarithm.
  let [low, high] = [0, Math.log(1e6)];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (studentUpperTail(wanted, Math.exp(middle)) > (1 - confidence) / 2) low = middle;
    else high = middle;
  }
  return Math.exp(high);
}

/** Bootstrap variance over patients of the seeds' mean, and the mean of that of each seed. */
function patientVariances(
  replicates: readonly Float64Array[],
  confidence: number,
): { ofMean: number; meanOfSeeds: number } | undefined {
  const count = replicates[0]!.length;
  const defined = Array.from({ length: count }, (_, b) => b).filter((b) =>
    replicates.every((ofSeed) => !Number.isNaN(ofSeed[b]!)),
  );
  if (defined.length < Math.max(2, count / 2, 2 / (1 - confidence) - 1e-9)) return undefined;
  const ofSeeds = replicates.map((ofSeed) => defined.map((b) => ofSeed[b]!));
  return {
    ofMean: variance(defined.map((_, i) => mean(ofSeeds.map((ofSeed) => ofSeed[i]!)))),
    meanOfSeeds: mean(ofSeeds.map(variance)),
  };
}

/** Divisor n − 1. */
function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
