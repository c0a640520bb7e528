/** Retrieval and spread of embeddings, against ranks and eigenvalues that are known by hand. */
import { expect, test } from 'vitest';
import { embeddingSpread } from '../../src/evaluation/embedding-spread.ts';
import { partnerRanks, recallAt } from '../../src/evaluation/retrieval.ts';
import { Random } from '../../src/random/random.ts';

const unit = (angle: number): Float32Array => Float32Array.of(Math.cos(angle), Math.sin(angle));

test('ranks count the keys that lie strictly nearer than the partner', () => {
  const queries = [unit(0), unit(1), unit(2)];
  // Angles to the keys: 0.1, 1.94, 0.05; then 0.9, 0.94, 0.95; then 1.9, 0.06, 1.95.
  const keys = [unit(0.1), unit(1.94), unit(0.05)];
  expect(partnerRanks(queries, keys)).toEqual([2, 2, 3]);
  expect(recallAt([1, 2, 3], 1)).toBeCloseTo(1 / 3, 12);
  expect(recallAt([1, 2, 3], 2)).toBeCloseTo(2 / 3, 12);
  expect(recallAt([1, 2, 3], 5)).toBe(1);
  expect(recallAt([], 5)).toBeNaN();
});

test('an equal key is as good as the partner', () => {
  const keys = [unit(0.3), unit(0.3), unit(2)];
  expect(partnerRanks([unit(0), unit(0), unit(2)], keys)).toEqual([1, 1, 1]);
});

test('equal embeddings do not spread at all', () => {
  const { deviation, effectiveDimensions } = embeddingSpread(Array.from({ length: 5 }, () => unit(1)));
  expect(deviation).toBeCloseTo(0, 6);
  expect(effectiveDimensions).toBe(0);
});

test('embeddings on a line vary in one direction', () => {
  const rows = [-2, -1, 0, 1, 2].map((t) => Float32Array.of(3 * t, 4 * t, 0));
  expect(embeddingSpread(rows).effectiveDimensions).toBeCloseTo(1, 6);
});

test('two directions with variances 4 and 1 count for (4 + 1)² / (4² + 1²)', () => {
  const rows = [
    [2, 0, 0],
    [-2, 0, 0],
    [0, 1, 0],
    [0, -1, 0],
  ].map((row) => Float32Array.from(row));
  expect(embeddingSpread(rows).effectiveDimensions).toBeCloseTo(25 / 17, 6);
  // The same whichever of rows and dimensions are more.
  const wide = rows.map((row) => Float32Array.from([...row, 0, 0, 0, 0]));
  expect(embeddingSpread(wide).effectiveDimensions).toBeCloseTo(25 / 17, 6);
});

test('normal embeddings spread over all their dimensions', () => {
  const random = new Random('spread');
  const rows = Array.from({ length: 4000 }, () => Float32Array.from({ length: 8 }, () => random.normal()));
  const { deviation, effectiveDimensions } = embeddingSpread(rows);
  expect(Math.abs(deviation - 1)).toBeLessThan(0.02);
  expect(Math.abs(effectiveDimensions - 8)).toBeLessThan(0.1);
});
