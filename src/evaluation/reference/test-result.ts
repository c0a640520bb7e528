/**
 * What a significance test returns.
 */

/** A statistic and its two-sided p value. */
export interface TestResult {
  readonly statistic: number;
  readonly p: number;
}
