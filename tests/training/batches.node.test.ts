/** Batches are complete seeded shuffles cut to one size, told by seed and step alone. */
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/random/random.ts';
import { Batches } from '../../src/training/batches.ts';

const rows = [3, 5, 8, 13, 21, 34, 55];

function drawn(batches: Batches, steps: number): number[] {
  return Array.from({ length: steps }, (_, i) => batches.ofStep(i + 1)).flat();
}

describe('Batches', () => {
  test.each([1, 2, 3, 4, 6, 7])(
    'size %i: one shape, and each row equally often after whole epochs',
    (size) => {
      const batches = new Batches(rows, size, new Random(1));
      for (let step = 1; step <= 20; step++) expect(batches.ofStep(step)).toHaveLength(size);
      const sequence = drawn(batches, rows.length * 2); // 2 · size whole epochs
      for (let start = 0; start < sequence.length; start += rows.length) {
        expect(sequence.slice(start, start + rows.length).sort((a, b) => a - b)).toEqual(rows);
      }
    },
  );

  test('epochs are shuffled anew, and seeds differ', () => {
    const sequence = drawn(new Batches(rows, 7, new Random(1)), 3);
    expect(sequence.slice(0, 7)).not.toEqual(sequence.slice(7, 14));
    expect(sequence).not.toEqual(drawn(new Batches(rows, 7, new Random(2)), 3));
  });

  test('a step has the same rows whatever was asked before', () => {
    const inOrder = new Batches(rows, 3, new Random('seed'));
    const steps = Array.from({ length: 30 }, (_, i) => inOrder.ofStep(i + 1));
    const resumed = new Batches(rows, 3, new Random('seed'));
    for (const step of [29, 3, 17, 4, 1]) expect(resumed.ofStep(step)).toEqual(steps[step - 1]);
  });

  test('with fewer rows than the batch size, every batch holds all rows', () => {
    const batches = new Batches(rows, 100, new Random(1));
    expect(batches.size).toBe(rows.length);
    for (const step of [1, 2, 9]) expect(batches.ofStep(step).sort((a, b) => a - b)).toEqual(rows);
  });

  test('no rows and impossible sizes are refused', () => {
    expect(() => new Batches([], 4, new Random(1))).toThrow('at least one row');
    for (const size of [0, -1, 1.5, NaN])
      expect(() => new Batches(rows, size, new Random(1))).toThrow(RangeError);
  });
});
