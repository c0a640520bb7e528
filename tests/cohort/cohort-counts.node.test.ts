/** Counts of a cohort, by hand. */
import { expect, it } from 'vitest';
import type { Cohort, CohortRow } from '../../src/cohort/cohort.ts';
import { countCohort, countReports, knownFilms } from '../../src/cohort/cohort-counts.ts';

const row = (
  index: number,
  patientId: string,
  split: CohortRow['split'],
  label: 0 | 1 | null,
): CohortRow => ({
  index,
  imageId: String(index),
  patientId,
  report: ['', ' \n', 'x'][index] ?? 'x',
  labels: [label],
  split,
  groups: {},
});
const rows = [
  row(0, 'a', 'train', 1),
  row(1, 'a', 'train', null),
  row(2, 'b', 'train', 0),
  row(3, 'c', 'test', 1),
];
const cohort = { name: 'Films', fingerprint: 'f', side: 8, labelNames: ['effusion'] } as unknown as Cohort;

it('films and patients are counted on each side, a missing label never as absent', () => {
  const counts = countCohort(cohort, rows);
  expect([counts.images, counts.patients]).toEqual([4, 3]);
  expect(counts.splits).toEqual({
    train: { images: 3, patients: 2 },
    validation: { images: 0, patients: 0 },
    test: { images: 1, patients: 1 },
  });
  const { train, test, ...all } = counts.labels['effusion']!;
  expect(train).toEqual({ positives: 1, negatives: 1, missing: 1 });
  expect(test).toEqual({ positives: 1, negatives: 0, missing: 0 });
  expect(all).toMatchObject({ positives: 2, negatives: 1, missing: 1 });
  expect(knownFilms(train)).toBe(2);
});

it('a report of blanks alone is none', () => expect(countReports(rows)).toBe(2));
