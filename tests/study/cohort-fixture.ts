import type { CohortRow, LabelValue, SplitName } from '../../src/cohort/cohort.ts';
import type { CohortOfStudy } from '../../src/study/plan.ts';

/** A small cohort of one film a patient: label "a" alternates, label "b" is known for every other training patient, "c" is constant. */
export function smallCohort(trainingPatients = 40): CohortOfStudy {
  const rows: CohortRow[] = [];
  const add = (split: SplitName, count: number): void => {
    for (let i = 0; i < count; i++) {
      const b: LabelValue = split === 'train' && i % 2 === 1 ? null : i % 4 === 0 ? 1 : 0;
      rows.push({
        index: rows.length,
        imageId: `film-${rows.length}.png`,
        patientId: `patient-${rows.length}`,
        report: `Report ${rows.length}: the heart is normal.`,
        labels: [i % 2 === 0 ? 1 : 0, b, 0],
        split,
        groups: {},
      });
    }
  };
  add('train', trainingPatients);
  add('validation', 12);
  add('test', 16);
  return { fingerprint: 'cohort-fingerprint', labelNames: ['a', 'b', 'c'], rows };
}
