/**
 * Numbers as people read them, on the page, in the report and in the terminal. What is not defined is said so, never shown as 0 or NaN.
 */
import type { Estimate } from '../study/findings/findings.ts';
import { nounFor } from '../count-words.ts';
import { decimals, signed } from '../study/phrases.ts';

/** The word for a number that is not defined on these patients. */
export const undefinedWord = 'undefined';

/** A number with a fixed count of digits after the point, with a true minus sign. */
export function formatNumber(value: number | null | undefined, digits = 3): string {
  return decimals(value ?? null, digits);
}

/** As formatNumber, with a plus sign before what is above zero. */
export function formatSigned(value: number | null | undefined, digits = 3): string {
  return signed(value ?? null, digits);
}

/** "0.812 (0.774 to 0.846)": "to", since a dash before a number reads as a minus. */
export function formatEstimate(estimate: Estimate | undefined, digits = 3): string {
  return withInterval(estimate, (value) => formatNumber(value, digits));
}

/** "+0.031 (+0.008 to +0.055)". */
export function formatDifference(estimate: Estimate, digits = 3): string {
  return withInterval(estimate, (value) => formatSigned(value, digits));
}

/** "+0.004 to +0.056", an interval of a difference by itself; or that there is none. */
export function formatRange(range: { readonly low: number; readonly high: number } | null): string {
  return range ? `${formatSigned(range.low)} to ${formatSigned(range.high)}` : undefinedWord;
}

/** "±0.034", or that it is not defined. */
export function formatEitherWay(value: number | null): string {
  return value === null ? undefinedWord : `±${formatNumber(value)}`;
}

/** A p value: "0.034", "< 0.001". */
export function formatP(p: number | null): string {
  if (p === null || !Number.isFinite(p)) return undefinedWord;
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** A count with thin spaces between thousands. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** A count with its noun: "1 film", "1\u202f200 films". @param plural where an s is not enough. */
export function counted(count: number, noun: string, plural?: string): string {
  return `${formatCount(count)} ${nounFor(Math.round(count), noun, plural)}`;
}

/** A measured share of 1 as "31.4 %"; undefined when there is nothing to divide by. */
export function formatShare(part: number, whole: number): string {
  return whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : undefinedWord;
}

/** A share in [0, 1] with its interval, in whole percent: "45 % (30 to 60)". */
export function formatShareEstimate(estimate: Estimate): string {
  const percent = (value: number | null): string => formatNumber(value === null ? null : 100 * value, 0);
  const { value, low, high } = estimate;
  if (value === null) return undefinedWord;
  return `${percent(value)} % (${low === null || high === null ? 'no interval' : `${percent(low)} to ${percent(high)}`})`;
}

/** A training size in words: "100 patients", "all patients". */
export function formatTrainingSize(size: number | 'all'): string {
  return size === 'all' ? 'all patients' : counted(size, 'patient');
}

/** A training size in a figure, in training patients: "n = 100", "n = all". */
export function sizeWords(size: number | 'all'): string {
  return `n = ${size}`;
}

function withInterval(estimate: Estimate | undefined, words: (value: number | null) => string): string {
  if (!estimate || estimate.value === null) return undefinedWord;
  const { value, low, high } = estimate;
  return `${words(value)} (${low === null || high === null ? 'no interval' : `${words(low)} to ${words(high)}`})`;
}
