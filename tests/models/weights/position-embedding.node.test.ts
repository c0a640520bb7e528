/**
 * The rows before the patches: kept as they are, and without a part in what becomes of the patches (whose numbers are timm's, see
 * tests/reference/models-position-embedding.node.test.ts).
 */
import { expect, it } from 'vitest';
import { resamplePositionEmbedding } from '../../../src/models/weights/position-embedding.ts';

const dimensions = 2;
const patches = Array.from({ length: 9 * dimensions }, (_, i) => Math.sin(7 * i));
const before = Array.from({ length: 5 * dimensions }, (_, i) => 100 + i);

it.each([0, 1, 5])('%i rows before the patches', (prefix) => {
  const kept = before.slice(0, prefix * dimensions);
  const got = resamplePositionEmbedding([...kept, ...patches], dimensions, [3, 3], [4, 2], prefix);
  const withClass = resamplePositionEmbedding([0, 0, ...patches], dimensions, [3, 3], [4, 2]);
  expect([...got]).toEqual([...kept, ...withClass.slice(dimensions)]);
});

it('a length that does not fit is refused', () => {
  expect(() => resamplePositionEmbedding(patches, dimensions, [3, 3], [4, 2], 1)).toThrow(RangeError);
});
