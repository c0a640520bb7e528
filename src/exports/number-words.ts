/**
 * Numbers as tables and reports print them. What is not defined is said so, never printed as 0 or NaN.
 */
import type { Estimate } from '../study/findings/findings.ts';

const minus = '−';

/** A number with three digits after the point, or "undefined". */
export function fixedWords(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return 'undefined';
  const text = Math.abs(value).toFixed(3);
  return value < 0 && Number(text) !== 0 ? `${minus}${text}` : text;
}

/** A difference with its sign. */
export function signedWords(value: number | null): string {
  const text = fixedWords(value);
  return value !== null && value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** "0.812 (0.750 to 0.866)", or "undefined". @param words prints one number of it. */
export function estimateWords({ value, low, high }: Estimate, words = fixedWords): string {
  if (value === null) return 'undefined';
  if (low === null || high === null) return `${words(value)} (no interval)`;
  return `${words(value)} (${words(low)} to ${words(high)})`;
}

/** A p value: "< 0.001", "0.032", or "undefined". */
export function pWords(p: number | null): string {
  if (p === null || !Number.isFinite(p)) return 'undefined';
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** "n = 100", or "n = all", in training patients. */
export function sizeWords(size: number | 'all'): string {
  return `n = ${size}`;
}

/** A share in [0, 1] as "95 %", with at most one digit after the point. */
export function percentWords(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return 'undefined';
  return `${Number((100 * share).toFixed(1))} %`;
}

/** "a", "a and b", "a, b and c"; "none" for an empty list. */
export function listWords(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}
