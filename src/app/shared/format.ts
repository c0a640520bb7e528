/**
 * Bytes, durations and ages as the page shows them; all other numbers are said by figures/number-words.ts.
 */

const enDash = '\u2013';

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
