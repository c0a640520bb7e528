/**
 * McNemar's test: do two decision rules on the same rows err equally often? Only the rows on which they disagree count.
 */
import { binomialCumulative } from '../distributions/beta.ts';
import { chiSquareUpperTail } from './chi-square.ts';
import type { TestResult } from './test-result.ts';

/**
 * McNemar's exact test (Psychometrika 12, 1947): the smaller count b or c against Binomial(b + c, ½), two-sided p = min(1, 2 P(X ≤ min)).
 * @param onlyFirst rows on which the first rule alone is right. @param onlySecond the second alone.
 */
export function mcnemarExact(onlyFirst: number, onlySecond: number): TestResult {
  const statistic = Math.min(onlyFirst, onlySecond);
  return { statistic, p: Math.min(1, 2 * binomialCumulative(statistic, onlyFirst + onlySecond, 0.5)) };
}

/**
 * McNemar's chi-square test, 1 degree of freedom: (|b − c| − k)² / (b + c) with k = 1 for the continuity correction, else 0. The corrected
 * difference is not cut at 0, as in statsmodels. @returns undefined without rows of disagreement.
 */
export function mcnemarChiSquare(
  onlyFirst: number,
  onlySecond: number,
  continuityCorrection: boolean,
): TestResult | undefined {
  const disagreements = onlyFirst + onlySecond;
  if (disagreements === 0) return undefined;
  const difference = Math.abs(onlyFirst - onlySecond) - (continuityCorrection ? 1 : 0);
  const statistic = difference ** 2 / disagreements;
  return { statistic, p: chiSquareUpperTail(statistic, 1) };
}
