import { describe, expect, it } from 'vitest';
import type { CohortRow } from '../../src/cohort/cohort.ts';
import { permuteReports } from '../../src/cohort/permuted-reports.ts';

const row = (index: number, patientId: string, split: CohortRow['split']): CohortRow => ({
  index,
  imageId: `${index}.png`,
  patientId,
  report: `report of ${patientId}, film ${index}`,
  labels: [0],
  split,
  groups: {},
});

const rows = [
  row(0, 'a', 'train'),
  row(1, 'a', 'train'),
  row(2, 'b', 'train'),
  row(3, 'c', 'train'),
  row(4, 'd', 'validation'),
  row(5, 'e', 'test'),
];

describe('permuteReports', () => {
  it.each([1, 2, 3, 4, 5])('gives every training patient another patient’s reports (seed %i)', (seed) => {
    const reports = permuteReports(rows, [0, 1, 2, 3], seed);
    for (const { index, patientId } of rows.slice(0, 4)) {
      expect(reports[index]).not.toContain(`of ${patientId},`);
      expect(reports[index]).toMatch(/of [abc],/);
    }
  });

  it('leaves validation and test reports alone, and takes none of theirs', () => {
    const reports = permuteReports(rows, [0, 1, 2, 3], 1);
    expect(reports.slice(4)).toEqual(rows.slice(4).map(({ report }) => report));
  });

  it('is the same for the same seed', () => {
    expect(permuteReports(rows, [0, 1, 2, 3], 9)).toEqual(permuteReports(rows, [0, 1, 2, 3], 9));
  });
});
