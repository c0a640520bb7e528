/** Lists of pieces: the reports stand first, and what fills the list up makes its shape a matter of the longest report alone. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { listPieces, reportsInList } from '../../../src/models/imported/piece-batch.ts';

it('lists pieces with report and place, then a filler for each report and one as wide as the batch', () => {
  const { indices, values } = listPieces([
    [11, 12, 13, 14, 15, 16, 17],
    [21, 22, 23, 24, 25, 26, 27, 28],
  ]);
  expect(Array.from(values!.values)).toEqual([
    ...[11, 12, 13, 14, 15, 16, 17],
    ...[21, 22, 23, 24, 25, 26, 27, 28],
    ...[0, 0],
    0,
    ...[0, 0, 0, 0, 0, 0, 0, 0],
  ]);
  const pairs = Array.from(indices!.values);
  expect(pairs.slice(12, 20)).toEqual([0, 6, 1, 0, 1, 1, 1, 2]);
  expect(pairs.slice(-20)).toEqual([2, 1, 3, 0, ...[0, 1, 2, 3, 4, 5, 6, 7].flatMap((place) => [4, place])]);
  expect(reportsInList(pairs)).toEqual({ asked: 2, all: 5 });
});

it('has the same shape for all batches of as many reports whose longest needs the same width', () => {
  const report = fc.array(fc.integer({ min: 6, max: 99 }), { minLength: 1, maxLength: 24 });
  fc.assert(
    fc.property(fc.array(report, { minLength: 3, maxLength: 3 }), (reports) => {
      const { indices, values } = listPieces(reports);
      const longest = Math.max(...reports.map(({ length }) => length));
      const width = longest <= 8 ? 8 : longest <= 16 ? 16 : 24;
      expect(values!.shape).toEqual([3 * (width + 1) + width]);
      expect(indices!.shape).toEqual([3 * (width + 1) + width, 2]);
      expect(reportsInList(indices!.values)).toEqual({ asked: 3, all: 7 });
      expect(Array.from(values!.values.slice(0, reports.flat().length))).toEqual(reports.flat());
    }),
  );
});
