import { describe, expect, it } from 'vitest';
import { Random } from '../../src/random/random.ts';

const draws = (random: Random, count: number): number[] =>
  Array.from({ length: count }, () => random.uniform());

describe('Random', () => {
  it('gives equal streams for equal seeds and others for others', () => {
    expect(draws(new Random(7), 50)).toEqual(draws(new Random('7'), 50));
    expect(draws(new Random(7), 5)).not.toEqual(draws(new Random(8), 5));
  });

  it('forks by name, whatever was drawn before', () => {
    const fresh = new Random(3);
    const used = new Random(3);
    draws(used, 100);
    expect(draws(used.fork('batches'), 5)).toEqual(draws(fresh.fork('batches'), 5));
    expect(draws(fresh.fork('weights'), 5)).not.toEqual(draws(fresh.fork('batches'), 5));
  });

  it('is uniform: mean 1/2, variance 1/12, within five standard errors', () => {
    const values = draws(new Random('uniform'), 100_000);
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / values.length));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / values.length));
    expect(Math.min(...values.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values.slice(0, 1000))).toBeLessThan(1);
  });

  it('is normal: mean 0, variance 1, 4.55 % beyond two deviations', () => {
    const random = new Random('normal');
    const values = Array.from({ length: 100_000 }, () => random.normal());
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((sum, x) => sum + x * x, 0) / values.length;
    const beyond = values.filter((x) => Math.abs(x) > 2).length / values.length;
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(values.length));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / values.length));
    expect(Math.abs(beyond - 0.0455)).toBeLessThan(5 * Math.sqrt((0.0455 * 0.9545) / values.length));
  });

  it('gives each integer equally often', () => {
    const random = new Random('integers');
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < 70_000; i++) counts[random.integer(7)]!++;
    const chiSquare = counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
    // 99.99 % quantile of chi-square with 6 degrees of freedom: 27.9.
    expect(chiSquare).toBeLessThan(27.9);
    expect(() => random.integer(0)).toThrow(RangeError);
  });

  it('shuffles: each item stays, each place is equally likely', () => {
    const random = new Random('shuffle');
    const places = [0, 0, 0, 0];
    for (let i = 0; i < 20_000; i++) places[random.shuffled(['a', 'b', 'c', 'd']).indexOf('a')]!++;
    const chiSquare = places.reduce((sum, n) => sum + (n - 5000) ** 2 / 5000, 0);
    // 99.99 % quantile of chi-square with 3 degrees of freedom: 21.1.
    expect(chiSquare).toBeLessThan(21.1);
    expect(random.shuffled([1, 2, 3]).sort()).toEqual([1, 2, 3]);
  });
});
