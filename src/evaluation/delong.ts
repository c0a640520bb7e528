/**
 * DeLong's variance of AUROC and the paired test of two AUROCs on the same rows, by the fast algorithm with midranks. Rows count as
 * independent: where patients have several films, use the patient bootstrap.
 *
 * DeLong, DeLong & Clarke-Pearson, Biometrics 44 (1988); Sun & Xu, IEEE Signal Processing Letters 21 (2014).
 */
import { normalQuantile, normalTwoSidedP } from './distributions/normal.ts';
import type { Interval } from './interval.ts';
import { checkRows } from './metrics/metric.ts';
import { midranks } from './ranking.ts';

/** AUROCs of several scores of the same rows, with their covariance. */
export interface DelongCovariance {
  /** [scores], each in [0, 1]. */
  readonly aurocs: readonly number[];
  /** [scores][scores]. */
  readonly covariance: readonly (readonly number[])[];
}

/**
 * AUROC of each score and DeLong's covariance between them: S₁₀ / positives + S₀₁ / negatives.
 * @param labels [rows], each 0 or 1. @param scores [scores][rows], finite.
 * @returns undefined with fewer than two rows of a class, where no variance can be estimated.
 */
export function delong(
  labels: ArrayLike<number>,
  scores: readonly ArrayLike<number>[],
): DelongCovariance | undefined {
  for (const score of scores) checkRows('delong', labels, score);
  const rows = Array.from({ length: labels.length }, (_, i) => i);
  const positives = rows.filter((row) => labels[row] === 1);
  const negatives = rows.filter((row) => labels[row] === 0);
  if (positives.length < 2 || negatives.length < 2) return undefined;
  const placements = scores.map((score) => placementValues(score, positives, negatives));
  return {
    aurocs: placements.map(({ ofPositives }) => mean(ofPositives)),
    covariance: placements.map((a) =>
      placements.map(
        (b) =>
          sampleCovariance(a.ofPositives, b.ofPositives) / positives.length +
          sampleCovariance(a.ofNegatives, b.ofNegatives) / negatives.length,
      ),
    ),
  };
}

interface Placements {
  /** For each positive row, the share of negative rows that score below it (ties one half). */
  readonly ofPositives: readonly number[];
  /** For each negative row, the share of positive rows that score above it (ties one half). */
  readonly ofNegatives: readonly number[];
}

function placementValues(
  score: ArrayLike<number>,
  positives: readonly number[],
  negatives: readonly number[],
): Placements {
  const among = midranks(score);
  const amongPositives = midranks(positives.map((row) => score[row]!));
  const amongNegatives = midranks(negatives.map((row) => score[row]!));
  return {
    ofPositives: positives.map((row, i) => (among[row]! - amongPositives[i]!) / negatives.length),
    ofNegatives: negatives.map((row, i) => 1 - (among[row]! - amongNegatives[i]!) / positives.length),
  };
}

/** A paired difference of two AUROCs. */
export interface DelongTest extends Interval {
  /** First AUROC less the second. */
  readonly difference: number;
  readonly standardError: number;
  /** difference / standardError; undefined when the standard error is 0. */
  readonly z: number | undefined;
  /** Two-sided p; 1 when both scores order the rows alike, undefined when they differ without variance. */
  readonly p: number | undefined;
}

/** DeLong's test of two AUROCs on the same rows, from entries `first` and `second` of the covariance. @param confidence in (0, 1). */
export function delongTest(
  { aurocs, covariance }: DelongCovariance,
  confidence: number,
  first = 0,
  second = 1,
): DelongTest {
  const difference = aurocs[first]! - aurocs[second]!;
  const variance =
    covariance[first]![first]! + covariance[second]![second]! - 2 * covariance[first]![second]!;
  // Rounding can leave a variance of −1e-18 where scores order the rows alike.
  const standardError = variance > 1e-15 ? Math.sqrt(variance) : 0;
  const half = normalQuantile((1 + confidence) / 2) * standardError;
  const z = standardError > 0 ? difference / standardError : undefined;
  const p = z !== undefined ? normalTwoSidedP(z) : Math.abs(difference) < 1e-12 ? 1 : undefined;
  return { difference, standardError, z, p, low: difference - half, high: difference + half };
}

/** Wald's interval auroc ± z·standardError, cut to [0, 1]. @param confidence in (0, 1). */
export function delongInterval(auroc: number, standardError: number, confidence: number): Interval {
  const half = normalQuantile((1 + confidence) / 2) * standardError;
  return { low: Math.max(0, auroc - half), high: Math.min(1, auroc + half) };
}

/** The interval on the logit scale, which stays inside (0, 1); undefined when the AUROC is 0 or 1. @param confidence in (0, 1). */
export function delongLogitInterval(
  auroc: number,
  standardError: number,
  confidence: number,
): Interval | undefined {
  if (!(auroc > 0 && auroc < 1)) return undefined;
  const logit = Math.log(auroc / (1 - auroc));
  const half = (normalQuantile((1 + confidence) / 2) * standardError) / (auroc * (1 - auroc));
  return { low: 1 / (1 + Math.exp(half - logit)), high: 1 / (1 + Math.exp(-half - logit)) };
}

function sampleCovariance(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  return a.reduce((sum, value, i) => sum + (value - meanA) * (b[i]! - meanB), 0) / (a.length - 1);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
