/** Numbers, addresses, lists and tables as the page shows and reads them. Expectations are written by hand. */
import { describe, expect, it } from 'vitest';
import { csvOf } from '../../src/app/shared/csv.ts';
import {
  counted,
  formatBytes,
  formatCount,
  formatDifference,
  formatDuration,
  formatEstimate,
  formatNumber,
  formatP,
  formatRemaining,
  formatShare,
  formatSigned,
  formatTrainingSize,
} from '../../src/app/shared/format.ts';
import { progressLine } from '../../src/app/shared/status.svelte.ts';
import { parseNumberList } from '../../src/app/study/number-list.ts';
import { hashOf, parseHash } from '../../src/app/route.ts';

const nothing = { value: null, low: null, high: null };

describe('numbers', () => {
  it('says "undefined" for what is not defined, never 0 or NaN', () => {
    for (const text of [
      formatNumber(null),
      formatNumber(NaN),
      formatNumber(undefined),
      formatSigned(null),
      formatEstimate(nothing),
      formatEstimate(undefined),
      formatDifference(nothing),
      formatP(null),
      formatShare(0, 0),
    ]) {
      expect(text).toBe('undefined');
    }
  });

  it('shows estimates with their interval', () => {
    expect(formatEstimate({ value: 0.8123, low: 0.7744, high: 0.8456 })).toBe('0.812 (0.774–0.846)');
    expect(formatDifference({ value: -0.0312, low: -0.055, high: 0.008 })).toBe('−0.031 (−0.055 to +0.008)');
  });

  it('gives zero no sign', () => {
    expect(formatSigned(0.0001)).toBe('0.000');
    expect(formatNumber(-0.0001)).toBe('0.000');
    expect(formatSigned(-0.5, 1)).toBe('−0.5');
  });

  it('names small p values as a bound', () => {
    expect(formatP(0.0004)).toBe('< 0.001');
    expect(formatP(0.034)).toBe('0.034');
  });

  it('groups thousands, and tells bytes and durations in fitting units', () => {
    expect(formatCount(1234567)).toBe('1\u202f234\u202f567');
    expect(formatBytes(999)).toBe('999 B');
    expect(formatBytes(1_250_000)).toBe('1.3 MB');
    expect(formatDuration(45_000)).toBe('45 s');
    expect(formatDuration(125 * 60_000)).toBe('2 h 5 min');
    expect(formatRemaining(null)).toBe('time left not known yet');
    expect(formatRemaining([720_000, 900_000])).toBe('about 12 min – 15 min left');
  });
});

describe('counts', () => {
  it('agree with their nouns', () => {
    expect([0, 1, 2, 1200].map((count) => counted(count, 'film'))).toEqual([
      '0 films',
      '1 film',
      '2 films',
      '1\u202f200 films',
    ]);
    expect(counted(1, 'feature pass', 'feature passes')).toBe('1 feature pass');
    expect(counted(3, 'feature pass', 'feature passes')).toBe('3 feature passes');
    expect(formatTrainingSize(1)).toBe('1 patient');
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
