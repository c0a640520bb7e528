/**
 * Numbers as people read them. What is not defined is said so, never shown as 0 or NaN.
 */
import type { Estimate } from '../../study/findings/findings.ts';
import { nounFor } from '../../count-words.ts';

const minus = '\u2212';
const enDash = '\u2013';

/** The word for a number that is not defined on these patients. */
export const undefinedWord = 'undefined';

/** A number with a fixed count of digits after the point, with a true minus sign. */
export function formatNumber(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return undefinedWord;
  return value
    .toFixed(digits)
    .replace(/^-(?=.*[1-9])/, minus)
    .replace(/^-/, '');
}

/** As formatNumber, with a plus sign before what is above zero. */
export function formatSigned(value: number | null | undefined, digits = 3): string {
  const text = formatNumber(value, digits);
  return text !== undefinedWord && value! > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** "0.812 (0.774–0.846)". */
export function formatEstimate(estimate: Estimate | undefined, digits = 3): string {
  if (!estimate || estimate.value === null) return undefinedWord;
  return `${formatNumber(estimate.value, digits)} (${formatNumber(estimate.low, digits)}${enDash}${formatNumber(estimate.high, digits)})`;
}

/** "+0.031 (+0.008 to +0.055)". */
export function formatDifference(estimate: Estimate, digits = 3): string {
  if (estimate.value === null) return undefinedWord;
  return `${formatSigned(estimate.value, digits)} (${formatSigned(estimate.low, digits)} to ${formatSigned(estimate.high, digits)})`;
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

/** A share of 1 as "31.4 %"; undefined when there is nothing to divide by. */
export function formatShare(part: number, whole: number): string {
  return whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : undefinedWord;
}

/** Bytes as "1.3 MB" (decimal units, as disks are sold). */
export function formatBytes(sizeBytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = sizeBytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]!}`;
}

/** A duration as "45 s", "12 min", "2 h 5 min". */
export function formatDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest > 0 ? ` ${rest} min` : ''}`;
}

/** The time left as a range: "about 12 min – 15 min left"; a word while it cannot be known. */
export function formatRemaining(remainingMs: readonly [number, number] | null): string {
  if (remainingMs === null) return 'time left not known yet';
  const [low, high] = remainingMs.map(formatDuration);
  return low === high ? `about ${low} left` : `about ${low} ${enDash} ${high} left`;
}

/** A training size in words: "100 patients", "all patients". */
export function formatTrainingSize(size: number | 'all'): string {
  return size === 'all' ? 'all patients' : counted(size, 'patient');
}

/** A range of durations as "12–18 min" or "40 s – 3 min"; a single one where both ends read alike. */
export function formatDurationRange([lowMs, highMs]: readonly [number, number]): string {
  const [low, high] = [formatDuration(lowMs), formatDuration(highMs)];
  if (low === high) return low;
  const unit = / (s|min)$/.exec(low)?.[1];
  const sameUnit =
    unit !== undefined && high.endsWith(` ${unit}`) && !low.includes('h') && !high.includes('h');
  return sameUnit ? `${low.slice(0, -unit.length - 1)}${enDash}${high}` : `${low} ${enDash} ${high}`;
}

/** How long ago: "just now", "12 min ago", "3 h ago", then the date, "on 2026-11-20". @param iso ISO 8601. */
export function formatAge(iso: string, now: Date): string {
  const minutes = Math.floor((now.getTime() - Date.parse(iso)) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  return minutes < 24 * 60 ? `${Math.floor(minutes / 60)} h ago` : `on ${iso.slice(0, 10)}`;
}
