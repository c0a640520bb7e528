/**
 * Folders that people really have, each made small from a public report: what a person expects of it is written beside the case in the
 * collection, and read off its table here. Films are not decoded in Node.
 */
import { describe, expect, it } from 'vitest';
import type { ImportProblem, SplitName } from '../../src/cohort/cohort.ts';
import { summariseLabels } from '../../src/cohort/labels.ts';
import { makeImagesCsv } from '../../src/cohort/importers/images-csv.ts';
import type { CohortMapping, FolderFile, FoundImage, Survey } from '../../src/cohort/importers/importer.ts';
import { caseFolders, filesIn } from '../fixtures/cases.ts';

const importer = makeImagesCsv(() => Promise.resolve({ side: 1, pixels: new Uint8Array(1) }));

interface Imported {
  readonly survey: Survey;
  readonly films: readonly FoundImage[];
  readonly problems: readonly ImportProblem[];
}

function filesOf(folder: string): FolderFile[] {
  return filesIn(folder).map(({ path, bytes }) => ({
    path,
    file: new File([bytes], path.slice(path.lastIndexOf('/') + 1)),
  }));
}

async function importAll(folder: string, change: Partial<CohortMapping> = {}): Promise<Imported> {
  const files = filesOf(folder);
  const survey = await importer.survey(files, null);
  const { films, problems } = await importer.find(files, { ...survey.mapping, ...change });
  return { survey, films, problems };
}

/** Runs a check on each place that has the case. */
function onCase(name: string, check: (folder: string) => Promise<void>, part?: string): void {
  for (const { from, folder } of caseFolders(name, part))
    it(`${name}${part ? ` ${part}` : ''} (${from})`, () => check(folder));
}

const reasons = (problems: readonly ImportProblem[]): string =>
  problems.map(({ where, reason }) => `${where}: ${reason}`).join('\n');

const labelsOf = (films: readonly FoundImage[]): Record<string, readonly unknown[]> =>
  Object.fromEntries(films.map(({ path, labels }) => [path, labels]));

describe('rows and their films', () => {
  onCase('01-film-of-another-patient', async (folder) => {
    const { films, problems } = await importAll(folder);
    expect(films).toHaveLength(7);
    for (const { imageId, path } of films)
      expect(/patient\d+\/study\d+/.exec(imageId)![0]).toBe(/patient\d+\/study\d+/.exec(path)![0]);
    expect(labelsOf(films)['patient00105/study7/view1_frontal.jpg']).toEqual([0, 0]);
    expect(labelsOf(films)['patient00108/study3/view1_frontal.jpg']).toEqual([1, 1]);
    const refused = problems.filter(({ severity }) => severity === 'refused').map(({ where }) => where);
    expect(refused).toEqual(['train.csv row 4', 'train.csv row 8']);
  });

  onCase('03-report-of-another-patient', async (folder) => {
    const { survey, films, problems } = await importAll(folder);
    expect(survey.reports).toBe(5);
    for (const { path, report } of films) {
      const person = /films\/(\w+)\//.exec(path)![1]!;
      expect(report).toMatch(person === 'dan' ? /^$/ : new RegExp(`Chest of ${person}`));
    }
    expect(reasons(problems)).toMatch(/labels\.csv row \d: The film has no report/);
  });

  onCase('11-decomposed-names', async (folder) => {
    const { films, problems } = await importAll(folder);
    expect(films).toHaveLength(4);
    expect(problems.filter(({ severity }) => severity === 'refused')).toEqual([]);
  });

  onCase('18-names-as-people-write-them', async (folder) => {
    const { films } = await importAll(folder);
    expect(films).toHaveLength(6);
    expect(films.find(({ imageId }) => /10_IM-0002-1001/.test(imageId))!.path).toBe(
      '10_IM-0002-1001.dcm.png',
    );
  });
});

describe('what columns are', () => {
  const outcomes = [
    'intubated',
    'mortality_30_day',
    'readmission_within_30_days',
    'death_1_year',
    'survival 6 month',
  ];
  onCase('05-outcomes-at-a-horizon', async (folder) => {
    const { survey, films } = await importAll(folder);
    expect(survey.mapping.labelColumns).toEqual(outcomes);
    expect(films[0]!.labels).toEqual([0, 1, 1, 1, 0]);
  });

  onCase('06-postgres-booleans', async (folder) => {
    const { survey, films } = await importAll(folder);
    expect(survey.mapping.labelColumns).toEqual(['pneumonia', 'effusion']);
    expect(films.slice(0, 3).map(({ labels }) => labels)).toEqual([
      [0, 1],
      [1, 0],
      [0, 0],
    ]);
  });

  onCase('17-check-boxes', async (folder) => {
    const files = filesOf(folder);
    const survey = await importer.survey(files, null);
    expect(survey.mapping.labelColumns).toEqual(['finding___2', 'died']);
    expect(reasons(survey.problems)).toMatch(
      /“finding___1” is not taken as a label.*“1” in 5 rows.*blank in 5 rows.*not known/,
    );
    const chosen = [...survey.mapping.labelColumns, 'finding___1'];
    const unknown = await importer.find(files, { ...survey.mapping, labelColumns: chosen });
    expect(unknown.films.slice(0, 2).map(({ labels }) => labels)).toEqual([
      [1, 0, null],
      [0, 1, 1],
    ]);
    const absent = await importer.find(files, {
      ...survey.mapping,
      labelColumns: chosen,
      labelReadings: { finding___1: { kind: 'words', blank: 'absent' } },
    });
    expect(absent.films.slice(0, 2).map(({ labels }) => labels)).toEqual([
      [1, 0, 0],
      [0, 1, 1],
    ]);
  });

  onCase('19-decimal-commas', async (folder) => {
    const { survey, films } = await importAll(folder);
    expect(survey.mapping).toMatchObject({
      imageColumn: 'Bild',
      patientColumn: 'Patient',
      reportColumn: 'Befund',
      labelColumns: ['Erguss', 'Stauung'],
    });
    expect(films.slice(0, 3).map(({ labels }) => labels)).toEqual([
      [0, 0],
      [1, 0],
      [0, 1],
    ]);
  });

  onCase('20-covid-table', async (folder) => {
    const { survey, problems } = await importAll(folder);
    expect(survey.mapping).toMatchObject({ reportColumn: 'clinical_notes', patientColumn: 'patientid' });
    expect([...survey.mapping.labelColumns].sort()).toEqual(
      expect.arrayContaining(['intubated', 'survival', 'went_icu']),
    );
    expect(problems.filter(({ severity }) => severity === 'refused')).toHaveLength(1);
  });

  onCase('40-indication-taken-for-the-report', async (folder) => {
    const { survey, films, problems } = await importAll(folder);
    expect(survey.mapping.reportColumn).toBeNull();
    expect(survey.columns.find(({ name }) => name === 'indication')!.text).toBe('reason');
    for (const { path, report } of films)
      expect(report).toMatch(new RegExp(`^Report ${/f(\d+)\./.exec(path)![1]}:`));
    expect(reasons(survey.problems)).toMatch(/“indication” tells why the film was asked for/);
    expect(reasons(problems)).not.toMatch(/\.txt/);
  });
});

describe('what says nothing', () => {
  onCase('14-reports-called-none', async (folder) => {
    const { survey, films } = await importAll(folder);
    expect(survey.reports).toBe(12);
    expect(films.filter(({ report }) => report !== '')).toHaveLength(12);
    expect(films.slice(0, 8).every(({ report }) => report === '')).toBe(true);
    expect(reasons(survey.problems)).toMatch(/8 cells say that there is no report \(“None”, “nan”/);
  });

  onCase('15-patients-called-nan', async (folder) => {
    const { survey, films, problems } = await importAll(folder);
    const named = films.map(({ patientId }) => patientId);
    expect(named.every((name) => !/^(nan|none|unknown|<na>|null)$/i.test(name))).toBe(true);
    expect(problems.filter(({ reason }) => /names nobody/.test(reason))).toHaveLength(9);
    expect(survey.tableRows - named.length).toBe(10); // One cell is blank.
  });

  onCase('31-reports-in-rtf', async (folder) => {
    const { films, problems } = await importAll(folder);
    expect(films.slice(0, 2).map(({ report }) => report)).toEqual([
      'Clear lungs and normal heart size.',
      'Small effusion on the left, Müller sign.',
    ]);
    expect(reasons(problems)).toMatch(/row 2: The report is written in RTF/);
  });

  onCase('39-reports-beside-the-study', async (folder) => {
    const { survey, films } = await importAll(folder);
    expect(survey.reports).toBe(8);
    expect(films.every(({ report }) => report.startsWith('FINAL REPORT'))).toBe(true);
    const third = films.find(({ path }) => path.includes('s50000005/'))!;
    expect(third.report).toMatch(/Mild oedema/);
    expect(reasons(survey.problems)).toMatch(/more_labels\.xlsx/);
  });
});

describe('patients and sides', () => {
  onCase('16-one-patient-three-spellings', async (folder) => {
    const files = filesOf(folder);
    const survey = await importer.survey(files, null);
    expect(survey.questions.map(({ kind }) => kind)).toEqual(['patientSpellings']);
    expect(survey.questions[0]!.sentence).toMatch(/“0042” and “42” and “42.0” may be one patient/);
    await expect(importer.find(files, survey.mapping)).rejects.toThrow(/“0042” and “42” and “42.0”/);
    await expect(importer.find(files, { ...survey.mapping, patientSpellings: 'one' })).rejects.toThrow(
      /0042 \(train and test and validation\)/,
    );
    const several = await importer.find(files, { ...survey.mapping, patientSpellings: 'several' });
    expect(new Set(several.films.map(({ patientId }) => patientId)).size).toBe(9);
    const left = await importer.find(files, { ...survey.mapping, patientSpellings: 'leaveOut' });
    expect(left.films.map(({ patientId }) => patientId)).not.toContain('42');
    expect(left.films).toHaveLength(7);
  });

  onCase('37-one-patient-on-all-sides', async (folder) => {
    const files = filesOf(folder);
    const survey = await importer.survey(files, null);
    expect(reasons(survey.problems)).toMatch(/1 patient is on several sides of the split: p23/);
    await expect(importer.find(files, survey.mapping)).rejects.toThrow(/p23/);
  });

  onCase('41-official-split-with-a-fourth-name', async (folder) => {
    const files = filesOf(folder);
    const survey = await importer.survey(files, null);
    expect(survey.mapping.splitColumn).toBe('split');
    expect(survey.questions[0]).toMatchObject({
      kind: 'splitValues',
      column: 'split',
      values: [{ value: 'external_test', count: 8 }],
    });
    await expect(importer.find(files, survey.mapping)).rejects.toThrow(/“external_test” in 8 rows/);
    const splitValues = { ...survey.mapping.splitValues, external_test: 'leaveOut' as const };
    const { films } = await importer.find(files, { ...survey.mapping, splitValues });
    expect(films).toHaveLength(32);
    expect(films.find(({ patientId }) => patientId === 'P3')!.split).toBe('test');
    const asTest = { ...survey.mapping.splitValues, external_test: 'test' as const };
    const all = await importer.find(files, { ...survey.mapping, splitValues: asTest });
    expect(all.films.find(({ patientId }) => patientId === 'P4')!.split).toBe('test');
  });
});

describe('what a study needs', () => {
  onCase('38-one-class-on-the-test-side', async (folder) => {
    const { survey, films } = await importAll(folder);
    const { labelColumns } = survey.mapping;
    const rows = films.map((film, index) => ({ ...film, index, split: film.split as SplitName }));
    const [label] = summariseLabels(rows, labelColumns);
    expect(label).toMatchObject({ name: 'effusion', usable: false });
    expect(label!.bySplit.test.positive).toBe(0);
    expect(label!.bySplit.train.positive).toBeGreaterThan(0);
  });

  it('49-many-films-of-one-name: 8,000 rows each get their own film', async () => {
    const path = (i: number): string =>
      `train/patient${String(i + 1).padStart(5, '0')}/study1/view1_frontal.jpg`;
    const rows = Array.from(
      { length: 8000 },
      (_, i) => `CheXpert-v1.0-small/${path(i)},Female,60,${i % 2}.0,${(i >> 1) % 2}.0`,
    );
    const film = new File(['film'], 'view1_frontal.jpg');
    const table = new File([['Path,Sex,Age,Cardiomegaly,Edema', ...rows].join('\n')], 'train.csv');
    const films = rows.map((_, i) => ({ path: path(i), file: film }));
    const files = [...films, { path: 'train.csv', file: table }];
    const survey = await importer.survey(files, null);
    expect(survey).toMatchObject({ usableRows: 8000, patients: 8000 });
    const { films: found } = await importer.find(files, survey.mapping);
    found.forEach((one, i) => {
      expect(one.path).toBe(path(i));
      expect(one.labels).toEqual([i % 2, (i >> 1) % 2]);
    });
  });
});
