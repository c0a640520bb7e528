/** Numbers, addresses, lists and tables as the page shows and reads them. Expectations are written by hand. */
import { describe, expect, it } from 'vitest';
import { csvOf } from '../../src/app/shared/csv.ts';
import { formatBytes, formatDuration, formatRemaining } from '../../src/app/shared/format.ts';
import { progressLine } from '../../src/app/shared/status.svelte.ts';
import { parseNumberList } from '../../src/app/study/number-list.ts';
import { hashOf, parseHash } from '../../src/app/route.ts';

describe('numbers', () => {
  it('tell bytes and durations in fitting units', () => {
    expect(formatBytes(999)).toBe('999 B');
    expect(formatBytes(1_250_000)).toBe('1.3 MB');
    expect(formatDuration(45_000)).toBe('45 s');
    expect(formatDuration(125 * 60_000)).toBe('2 h 5 min');
    expect(formatRemaining(null)).toBe('time left not known yet');
    expect(formatRemaining([720_000, 900_000])).toBe('about 12 min – 15 min left');
  });

  it('stand alone in a progress whose end is not known', () => {
    const progress = { phase: 'Listing files', done: 1200, total: 0, remainingMs: null };
    expect(progressLine(progress)).toBe('Listing files: 1\u202f200 so far');
    expect(progressLine({ ...progress, done: 0 })).toBe('Listing files');
  });
});

describe('addresses', () => {
  it('reads page and query, and takes unknown pages for the first', () => {
    expect(parseHash('#/study?preset=demo&labels=a,b&smoke=1')).toEqual({
      page: 'study',
      query: { preset: 'demo', labels: 'a,b', smoke: '1' },
    });
    expect(parseHash('#/elsewhere').page).toBe('cohort');
    expect(parseHash('').page).toBe('cohort');
  });

  it('reads what it writes', () => {
    const query = { labels: 'heart failure,a&b' };
    expect(parseHash(hashOf('runs', query))).toEqual({ page: 'runs', query });
  });
});

describe('lists of numbers', () => {
  it('takes commas, semicolons and spaces, and each value once', () => {
    expect(parseNumberList('0, 0.5; 1 1', { low: 0, high: 1 }).values).toEqual([0, 0.5, 1]);
    expect(parseNumberList('50, all', { low: 2, high: Infinity, whole: true, all: true }).values).toEqual([
      50,
      'all',
    ]);
  });

  it.each([
    ['', { low: 0, high: 1 }],
    ['2', { low: 0, high: 1 }],
    ['0', { low: 0, high: 1, above: true }],
    ['1.5', { low: 0, high: 9, whole: true }],
    ['all', { low: 0, high: 9 }],
    ['x', { low: 0, high: 9 }],
    ['Infinity', { low: 0, high: Infinity }],
  ])('refuses "%s" with a sentence', (text, bounds) => {
    const parsed = parseNumberList(text, bounds);
    expect(parsed.values).toBeNull();
    expect(parsed.problem).toMatch(/\.$/);
  });
});

describe('CSV', () => {
  it('quotes what needs it, leaves null empty, and disarms formulas but not numbers', () => {
    expect(csvOf([['a,b', 'say "x"', null, -1.5, '-1.5', '=SUM(A1)']])).toBe(
      '"a,b","say ""x""",,-1.5,-1.5,\'=SUM(A1)\r\n',
    );
  });
});
