import { describe, expect, test } from 'vitest';
import { median, pairedRatio, relativeError, spreadOf } from '../../src/bench/statistics.ts';

describe('median', () => {
  test('the middle, whatever the order', () => expect(median([9, 1, 5])).toBe(5));
  test('the mean of the two in the middle', () => expect(median([4, 1, 3, 2])).toBe(2.5));
  test('sorts by size, not as text', () => expect(median([10, 9, 8])).toBe(9));
  test('leaves its argument as it was', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
  test('refuses to speak of nothing', () => expect(() => median([])).toThrow(RangeError));
});

test('spreadOf gives median, ends and count', () =>
  expect(spreadOf([4, 2, 10, 3])).toEqual({ median: 3.5, low: 2, high: 10, count: 4 }));

describe('pairedRatio', () => {
  // The machine is three times slower in the second turn: both engines are, and the ratio of each turn stays 2.
  test('a slow turn of the machine cancels', () =>
    expect(pairedRatio([20, 60, 20], [10, 30, 10])).toEqual({ median: 2, low: 2, high: 2, count: 3 }));
  test('is the median of ratios and not the ratio of medians', () =>
    // ratios 1, 1/2, 8; medians 4 and 2
    expect(pairedRatio([2, 4, 8], [2, 8, 1]).median).toBe(1));
  test('counts the turns that both have', () => expect(pairedRatio([6, 8], [2, 2, 5, 7]).count).toBe(2));
  test.each([
    [[], [1]],
    [[0], [1]],
    [[1], [0]],
    [[NaN], [1]],
  ])('refuses %j over %j', (peer, ours) => expect(() => pairedRatio(peer, ours)).toThrow(RangeError));
});

describe('relativeError', () => {
  // ‖(0, 0, 3, 4)‖ = 5 off ‖(6, 8, 0, 0)‖ = 10
  test('is the norm of what differs over the norm of what is wanted', () =>
    expect(
      relativeError(
        [
          [6, 8],
          [3, 4],
        ],
        [
          [6, 8],
          [0, 0],
        ],
      ),
    ).toBe(0.5));
  test.each([
    ['a missing part', [undefined], [[1]]],
    ['another size', [[1, 2]], [[1]]],
    ['NaN', [[NaN]], [[1]]],
    ['Infinity', [[Infinity]], [[1]]],
    ['nothing to compare with', [[1]], [[0]]],
  ])('%s is no agreement', (_, got, wanted) => expect(relativeError(got, wanted)).toBe(Infinity));
});
