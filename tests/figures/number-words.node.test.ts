/** Numbers as page, report and terminal say them. Expectations by hand. */
import { describe, expect, it } from 'vitest';
import {
  counted,
  formatCount,
  formatDifference,
  formatEitherWay,
  formatEstimate,
  formatNumber,
  formatP,
  formatRange,
  formatShare,
  formatShareEstimate,
  formatSigned,
  formatTrainingSize,
  sizeWords,
} from '../../src/figures/number-words.ts';

const nothing = { value: null, low: null, high: null };

describe('numbers', () => {
  it('says "undefined" for what is not defined, never 0 or NaN', () => {
    for (const text of [
      formatNumber(null),
      formatNumber(NaN),
      formatNumber(undefined),
      formatSigned(null),
      formatSigned(Infinity),
      formatEstimate(nothing),
      formatEstimate(undefined),
      formatDifference(nothing),
      formatRange(null),
      formatEitherWay(null),
      formatP(null),
      formatP(NaN),
      formatShare(0, 0),
      formatShareEstimate(nothing),
    ]) {
      expect(text).toBe('undefined');
    }
  });

  it('shows estimates with their interval, or says that there is none', () => {
    expect(formatEstimate({ value: 0.8123, low: 0.7744, high: 0.8456 })).toBe('0.812 (0.774 to 0.846)');
    expect(formatEstimate({ value: 0.8123, low: null, high: null })).toBe('0.812 (no interval)');
    expect(formatDifference({ value: -0.0312, low: -0.055, high: 0.008 })).toBe('−0.031 (−0.055 to +0.008)');
    expect(formatRange({ low: -0.004, high: 0.066 })).toBe('−0.004 to +0.066');
    expect(formatEitherWay(0.0341)).toBe('±0.034');
  });

  it('gives zero no sign', () => {
    expect(formatSigned(0.0001)).toBe('0.000');
    expect(formatSigned(-0.0001)).toBe('0.000');
    expect(formatNumber(-0.0001)).toBe('0.000');
    expect(formatSigned(-0.5, 1)).toBe('−0.5');
    expect(formatSigned(0.5, 2)).toBe('+0.50');
  });

  it('names small p values as a bound', () => {
    expect(formatP(0.0004)).toBe('< 0.001');
    expect(formatP(0.034)).toBe('0.034');
  });

  it('tells measured shares with one digit, and with whole percents where they have an interval', () => {
    expect(formatShare(3, 5)).toBe('60.0 %');
    expect(formatShareEstimate({ value: 0.451, low: 0.3, high: 0.6 })).toBe('45 % (30 to 60)');
    expect(formatShareEstimate({ value: 0.451, low: null, high: null })).toBe('45 % (no interval)');
  });
});

describe('counts', () => {
  it('group thousands', () => expect(formatCount(1234567)).toBe('1\u202f234\u202f567'));

  it('agree with their nouns', () => {
    expect([0, 1, 2, 1200].map((count) => counted(count, 'film'))).toEqual([
      '0 films',
      '1 film',
      '2 films',
      '1\u202f200 films',
    ]);
    expect(counted(1, 'feature pass', 'feature passes')).toBe('1 feature pass');
    expect(counted(3, 'feature pass', 'feature passes')).toBe('3 feature passes');
  });

  it('of training patients', () => {
    expect([formatTrainingSize(1), formatTrainingSize('all')]).toEqual(['1 patient', 'all patients']);
    expect([sizeWords(100), sizeWords('all')]).toEqual(['n = 100', 'n = all']);
  });
});
