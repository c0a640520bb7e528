/**
 * Confidence intervals of a proportion (sensitivity, specificity …) from counts of independent rows.
 */
import { betaQuantile } from './distributions/beta.ts';
import { normalQuantile } from './distributions/normal.ts';
import type { Interval } from './interval.ts';

/** Wilson's score interval (JASA 22, 1927); the one to use when in doubt. @param confidence in (0, 1). */
export function wilsonInterval(count: number, total: number, confidence: number): Interval {
  const z2 = squaredQuantile(count, total, confidence);
  const centre = (count + z2 / 2) / (total + z2);
  const share = count / total;
  const half = Math.sqrt(z2 * (total * share * (1 - share) + z2 / 4)) / (total + z2);
  return inUnit(centre - half, centre + half);
}

/** Clopper and Pearson's exact interval (Biometrika 26, 1934); covers at least the level, often more. @param confidence in (0, 1). */
export function clopperPearsonInterval(count: number, total: number, confidence: number): Interval {
  squaredQuantile(count, total, confidence);
  const tail = (1 - confidence) / 2;
  return {
    low: count === 0 ? 0 : betaQuantile(tail, count, total - count + 1),
    high: count === total ? 1 : betaQuantile(1 - tail, count + 1, total - count),
  };
}

/** Wald's interval share ± z √(share (1 − share) / n), cut to [0, 1]; too narrow near 0 and 1. @param confidence in (0, 1). */
export function waldInterval(count: number, total: number, confidence: number): Interval {
  const z2 = squaredQuantile(count, total, confidence);
  const share = count / total;
  const half = Math.sqrt((z2 * share * (1 - share)) / total);
  return inUnit(share - half, share + half);
}

/** Agresti and Coull's interval: Wald's after adding z²/2 successes and failures (American Statistician 52, 1998). */
export function agrestiCoullInterval(count: number, total: number, confidence: number): Interval {
  const z2 = squaredQuantile(count, total, confidence);
  const share = (count + z2 / 2) / (total + z2);
  const half = Math.sqrt((z2 * share * (1 - share)) / (total + z2));
  return inUnit(share - half, share + half);
}

function inUnit(low: number, high: number): Interval {
  return { low: Math.max(0, low), high: Math.min(1, high) };
}

function squaredQuantile(count: number, total: number, confidence: number): number {
  if (!(total > 0 && count >= 0 && count <= total && confidence > 0 && confidence < 1))
    throw new RangeError(
      `interval of a proportion: need 0 ≤ count ≤ total, total > 0, confidence in (0, 1), got ${count}, ${total}, ${confidence}`,
    );
  return normalQuantile((1 + confidence) / 2) ** 2;
}
