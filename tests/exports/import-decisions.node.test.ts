/** What was decided at an import stands in the results and in the report, and counts agree with their nouns. */
import { describe, expect, test } from 'vitest';
import type { Cohort } from '../../src/cohort/cohort.ts';
import { countCohort } from '../../src/cohort/cohort-counts.ts';
import { cohortSection } from '../../src/exports/report/cohort-section.ts';
import {
  dataSentence,
  excludedSentence,
  outcomeSentence,
  splitSentence,
} from '../../src/exports/study-sentences.ts';
import { label, study } from './study-fixture.ts';

const fractions = { train: 0.6, validation: 0.2, test: 0.2 };
const cohort: Cohort = {
  ...study.cohort,
  splitOrigin: {
    kind: 'column',
    column: 'part',
    values: { train: 'train', tv: 'trainValidation', x: 'leaveOut' },
    drawn: { seed: 9, fractions },
  },
  labelReadings: {
    other: { kind: 'words', blank: 'absent' },
    [label]: { kind: 'threshold', atLeast: 30 },
  },
  problems: [
    { where: 'a', reason: 'b', severity: 'refused' },
    { where: 'Whole folder', reason: 'c', severity: 'warned', count: 40 },
  ],
};
const decided = { ...study, cohort };
const counts = countCohort(cohort, study.rows);

describe('what was decided at the import', () => {
  test('stands in results.json whole, so that the split and the labels can be made again', () => {
    expect(counts.splitOrigin).toEqual(cohort.splitOrigin);
    expect(counts.labelReadings).toEqual(cohort.labelReadings);
    expect(countCohort(study.cohort, study.rows).labelReadings).toEqual({});
  });

  test('stands in the sentences of the methods', () => {
    expect(splitSentence(counts)).toBe(
      'The split was taken from the column "part" (“train” training; “tv” training or validation, drawn by seed; “x” left out); what it leaves open was drawn by patient with seed 9, labels balanced over the sides: 1 train patient (1 film), 1 validation patient (1 film) and 1 test patient (2 films). No patient stands on two sides.',
    );
    expect(outcomeSentence(decided)).toMatch(/Cells of the table were read so: .*: present from 30 on\.$/);
    expect(outcomeSentence(decided)).not.toContain('other');
  });

  test('stands in the report’s section on the cohort; a plain import says nothing', () => {
    const section = cohortSection(counts, study.rows).text;
    expect(section).toContain('Values of the split column: “train” training; ');
    expect(section).toContain('other: blank = absent');
    const plain = cohortSection(countCohort(study.cohort, study.rows), study.rows).text;
    expect(plain).not.toMatch(/Values of the split column|How labels were read/);
  });
});

describe('counts', () => {
  test('agree with their nouns, and a line of problems counts as what it stands for', () => {
    expect(excludedSentence(decided)).toBe('The import refused 1 film or row and took 40 with a warning.');
    const [film] = study.rows;
    expect(dataSentence(study, countCohort(study.cohort, [film!]))).toMatch(/^1 film of 1 patient, /);
  });
});
