/**
 * Folders of kinds that people have reported publicly; the report is named beside each. What is expected is read off the folder, not off
 * the importer.
 */
import { describe, expect, it } from 'vitest';
import { makeImagesCsv } from '../../../src/cohort/importers/images-csv.ts';
import type { CohortMapping, FoundImage, Survey } from '../../../src/cohort/importers/importer.ts';
import { films, folderOf } from './folder.ts';

const importer = makeImagesCsv(() => Promise.resolve({ side: 1, pixels: new Uint8Array(1) }));

interface Tried {
  readonly survey: Survey;
  readonly found: readonly FoundImage[];
  readonly words: string;
}

async function importAll(
  contents: Readonly<Record<string, BlobPart>>,
  change: Partial<CohortMapping> = {},
): Promise<Tried> {
  const files = folderOf(contents);
  const survey = await importer.survey(files, null);
  const { films: found, problems } = await importer.find(files, { ...survey.mapping, ...change });
  const words = [...survey.problems, ...problems].map(({ where, reason }) => `${where}: ${reason}`);
  return { survey, found, words: words.join('\n') };
}

/** Films f0.png … with one row each. */
function numbered(count: number, names: string, row: (i: number) => string): Record<string, BlobPart> {
  const rows = Array.from({ length: count }, (_, i) => `f${i}.png,${row(i)}\n`);
  return {
    ...films(...Array.from({ length: count }, (_, i) => `f${i}.png`)),
    'l.csv': `image,${names}\n${rows.join('')}`,
  };
}

describe('a split that is not in a column called split', () => {
  // fastai/fastai #2699: the validation rows are those whose "is_valid" is true.
  it.each([
    ['is_valid', 'True', 'False'],
    ['test', '1', '0'],
    ['is_test', 'yes', 'no'],
    ['train', '0', '1'],
  ])('column %s of %s and %s is asked about, and is no label', async (name, yes, no) => {
    const contents = numbered(8, `patient,dx,${name}`, (i) => `p${i},${i % 2},${i > 5 ? yes : no}`);
    const survey = await importer.survey(folderOf(contents), null);
    expect(survey.mapping).toMatchObject({ splitColumn: name, labelColumns: ['dx'] });
    expect(survey.questions).toMatchObject([{ kind: 'splitValues', column: name }]);
    const { found } = await importAll(contents, { splitValues: { [yes]: 'test', [no]: 'train' } });
    expect(found.map(({ split }) => split)).toEqual([...Array<string>(6).fill('train'), 'test', 'test']);
  });

  it('a column a side: one is asked about, the others are named and are no labels', async () => {
    const { mapping, problems } = await importer.survey(
      folderOf(
        numbered(9, 'patient,dx,train,val,test', (i) => {
          const side = i % 3;
          return `p${i},${i % 2},${Number(side === 0)},${Number(side === 1)},${Number(side === 2)}`;
        }),
      ),
      null,
    );
    expect(mapping.labelColumns).toEqual(['dx']);
    expect(problems.filter(({ reason }) => /may be a split too/.test(reason))).toHaveLength(2);
  });

  it('a test that is positive or negative stays a label', async () => {
    const { survey } = await importAll(
      numbered(6, 'patient,test', (i) => `p${i},${i % 2 ? 'positive' : 'negative'}`),
    );
    expect(survey.mapping).toMatchObject({ splitColumn: null, labelColumns: ['test'] });
  });

  // NIH ChestX-ray14: train_val_list.txt and test_list.txt (jrzech/reproduce-chexnet #5); UCSD-AI4H/COVID-CT: trainCT_COVID.txt.
  it('lists of films in text files are named as lists of a split', async () => {
    const { words } = await importAll({
      ...numbered(4, 'patient,dx', (i) => `${i},${i % 2}`),
      'train_val_list.txt': 'f0.png\nf1.png\n',
      'test_list.txt': 'f2.png\nf3.png\n',
      'splits/trainCT_COVID.txt': 'f0.png\n',
      'latest_list.txt': 'f0.png\n',
    });
    for (const name of ['train_val_list', 'test_list', 'splits/trainCT_COVID'])
      expect(words).toContain(`${name}.txt: The text file is called like a list of one side of a split`);
    expect(words).not.toContain('latest_list.txt: The text file is called like');
  });

  it('folders called train and test are named where the table has no split', async () => {
    const contents = {
      ...films('train/a.png', 'train/b.png', 'test/c.png', 'test/d.png'),
      'l.csv': 'image,patient,dx\na.png,1,0\nb.png,2,1\nc.png,3,0\nd.png,4,1\n',
    };
    expect((await importAll(contents)).words).toMatch(
      /folders called “train” and “test”, but no column names the side of the split/,
    );
    const withSplit =
      'image,patient,dx,split\na.png,1,0,train\nb.png,2,1,train\nc.png,3,0,test\nd.png,4,1,test\n';
    expect((await importAll({ ...contents, 'l.csv': withSplit })).words).not.toMatch(/folders called/);
  });
});

describe('cells that say nothing', () => {
  // webyog/sqlyog-community #1164, hankinsoft/SQLPro #615: NULL as \N; tidyverse/haven #585: .a of Stata; MIMIC-CXR: ___.
  it.each(['\\N', '.a', '.Z', '___', '...', 'unbekannt', 'k.A.', 'No disponible'])(
    '%s is no patient, no label and no report',
    async (nothing) => {
      const { survey, found } = await importAll(
        numbered(9, 'patient,report,dx', (i) => {
          const patient = i === 8 ? nothing : `p${i}`;
          return `${patient},${i % 3 ? 'The lungs are clear.' : nothing},${i % 3 ? i % 2 : nothing}`;
        }),
      );
      expect(survey.mapping.labelColumns).toEqual(['dx']);
      expect(found.map(({ patientId }) => patientId)).toEqual([
        'p0',
        'p1',
        'p2',
        'p3',
        'p4',
        'p5',
        'p6',
        'p7',
      ]);
      expect(found.map(({ labels }) => labels[0])).toEqual([null, 1, 0, null, 0, 1, null, 1]);
      expect(found.map(({ report }) => report !== '')).toEqual(found.map((_, i) => i % 3 !== 0));
    },
  );
});

describe('whose a film is', () => {
  // ispamm/PHBreast #6: INbreast.csv holds "removed" in place of each patient.
  it('a column that holds only “removed” names no patient', async () => {
    const { survey, words } = await importAll(numbered(6, 'Patient ID,dx', (i) => `removed,${i % 2}`));
    expect(survey).toMatchObject({ patients: 6, mapping: { patientColumn: null } });
    expect(words).toMatch(/“Patient ID” holds only “removed” in 6 rows, which names nobody/);
    expect(words).toMatch(/each film counts as a patient of its own/);
  });

  it('some rows without a name are refused, and not taken for one patient', async () => {
    const { found } = await importAll(
      numbered(6, 'patient,dx', (i) => `${i < 3 ? 'ANONYMOUS' : `p${i}`},${i % 2}`),
    );
    expect(found.map(({ patientId }) => patientId)).toEqual(['p3', 'p4', 'p5']);
  });

  it('a column “patient” of 0 and 1 in many rows is doubted', async () => {
    const { words } = await importAll(numbered(12, 'patient,dx', (i) => `${i % 2},${i % 3 ? 0 : 1}`));
    expect(words).toMatch(/By this column all 12 films are of two patients \(“0”, “1”\)/);
  });

  // MIMIC-CXR-JPG: a label table names the film by its dicom_id alone; the patient is the folder's.
  it('is told by the folder of the film where the table names the film alone', async () => {
    const { found } = await importAll({
      ...films(
        'files/p10/p10000032/s1/a.png',
        'files/p10/p10000032/s2/b.png',
        'files/p10/p10000099/s3/c.png',
      ),
      'l.csv': 'dicom_id,dx\na,1\nb,0\nc,1\n',
    });
    expect(found.map(({ patientId }) => patientId)).toEqual(['p10000032', 'p10000032', 'p10000099']);
  });

  // BIMCV-COVID19 and all collections in BIDS.
  it('is told by folders of BIDS', async () => {
    const paths = ['sub-S01/ses-1/a.png', 'sub-S01/ses-2/b.png', 'sub-S02/ses-3/c.png'];
    const { found } = await importAll({
      ...films(...paths),
      'l.csv': `path,dx\n${paths.map((path, i) => `${path},${i % 2}\n`).join('')}`,
    });
    expect(found.map(({ patientId }) => patientId)).toEqual(['sub-S01', 'sub-S01', 'sub-S02']);
  });

  // CDCgov/MicrobeTrace #190: characters that cannot be seen prevent joins.
  it('characters that cannot be seen make no other patient, film, label or side', async () => {
    const { survey } = await importAll({
      ...films('f0.png', 'f1.png', 'f2.png', 'f3.png'),
      'l.csv':
        'image,patient,dx,split\nf0.png,P1,1,train\nf1.png,P\u200b1,0\u200b,train\nf2.png\u200b,\u200eP2,1,test\u00a0\u200b\nf3.png,P2\u200b,0,test\n',
    });
    expect(survey).toMatchObject({ usableRows: 4, patients: 2 });
    expect(survey.labels).toEqual([{ name: 'dx', positive: 2, negative: 2, missing: 0 }]);
    expect(survey.splitValues.map(({ value }) => value)).toEqual(['train', 'test']);
  });
});

describe('what a label holds', () => {
  // tidyverse/haven #33, IDEMSInternational/R-Instat #3432: 8, 9 and -99 stand for no answer.
  it.each(['9', '-99', 'not done'])(
    '0 and 1 with “%s” in many rows is named, and the code is never present or absent',
    async (code) => {
      const contents = numbered(9, 'patient,effusion,dx', (i) => `p${i},${i % 3 ? i % 2 : code},${i % 2}`);
      const { survey, words } = await importAll(contents);
      expect(survey.mapping.labelColumns).toEqual(['dx']);
      expect(words).toContain(
        `“effusion” is not taken as a label. Besides present and absent it holds “${code}” in 3 rows`,
      );
      const chosen = await importAll(contents, { labelColumns: ['effusion'] });
      expect(chosen.found.map(({ labels }) => labels[0])).toEqual([null, 1, 0, null, 0, 1, null, 1, 0]);
    },
  );

  it('a count in days is not offered as a label with a code', async () => {
    const { words } = await importAll(
      numbered(9, 'patient,days of stay nr,dx', (i) => `p${i},${i % 3 ? i % 2 : 7},${i % 2}`),
    );
    expect(words).not.toContain('Besides present and absent');
  });

  // pandas-dev/pandas #55280: "None" often means that no option fits.
  it.each([
    [['none', 'effusion'], /It holds “effusion” in 4 rows, and “none” in 4 rows, which may mean absent/],
    [
      ['none', 'small', 'large', 'none'],
      /“small” in 2 rows, “large” in 2 rows, and “none” in 4 rows, which may/,
    ],
  ])('“none” beside %j is said to be perhaps absent', async (values, sentence) => {
    const contents = numbered(8, 'patient,fluid', (i) => `p${i},${values[i % values.length]!}`);
    expect((await importAll(contents)).words).toMatch(sentence);
  });

  it('1 and -1 in all rows is not said to be present everywhere', async () => {
    const contents = numbered(6, 'patient,dx,other', (i) => `p${i},${i % 2 ? 1 : -1},${i % 2}`);
    const { survey, words } = await importAll(contents);
    expect(survey.mapping.labelColumns).toEqual(['other']);
    expect(words).toMatch(
      /“dx” is not taken as a label. It holds “-1” in 3 rows, “1” in 3 rows; −1 .* not known/,
    );
    const reading = { kind: 'values', present: ['1'], absent: ['-1'] } as const;
    const said = await importAll(contents, { labelColumns: ['dx'], labelReadings: { dx: reading } });
    expect(said.found.map(({ labels }) => labels[0])).toEqual([0, 1, 0, 1, 0, 1]);
  });

  // tidyverse/readr #799, pandas-dev/pandas #4598: commas between thousands.
  it.each([
    ['of thousands', ['850', '1,234', '2,010.5', '999'], [0, 1, 1, 0]],
    ['of thousands beside decimal points', ['850.5', '1,234', '2,010', '99.9'], [0, 1, 1, 0]],
    ['of decimals', ['0,987', '1,234', '1000,5', '2000'], [0, 0, 1, 1]],
    ['that may be either', ['850', '1,234', '2,010', '1500'], [0, null, null, 1]],
  ])('from 1000 on, in a column with commas %s', async (_what, cells, values) => {
    const contents = numbered(8, 'patient,ddimer', (i) => `p${i},"${cells[i % 4]!}"`);
    const { found, words } = await importAll(contents, {
      labelColumns: ['ddimer'],
      labelReadings: { ddimer: { kind: 'threshold', atLeast: 1000 } },
    });
    expect(found.map(({ labels }) => labels[0])).toEqual([...values, ...values]);
    expect(/row 3: Column “ddimer” holds “1,234”; expected a number whose comma/.test(words)).toBe(
      values.includes(null),
    );
  });

  // billpsomas/rscir #6, VinDr's several readers: one film with other labels in a second row.
  it('rows that repeat a film say in which labels they differ', async () => {
    const { found, words } = await importAll({
      ...films('a.png', 'b.png'),
      'l.csv': 'image,patient,dx,edema\na.png,1,1,0\na.png,1,0,0\nb.png,2,0,1\nb.png,2,0,1.0\n',
    });
    expect(found.map(({ labels }) => labels)).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(words).toMatch(
      /row 3: .*as l\.csv row 2 does already; that row is kept\. The rows differ in “dx”\./,
    );
    expect(words).toMatch(/row 5: .*as l\.csv row 4 does already; that row is kept\. Keep one row/);
  });

  // numpy.savetxt writes numbers as "%.18e".
  it('1.000000000000000000e+00 is 1', async () => {
    const { found } = await importAll(
      numbered(4, 'patient,dx', (i) => `p${i},${i % 2}.000000000000000000e+00`),
    );
    expect(found.map(({ labels }) => labels[0])).toEqual([0, 1, 0, 1]);
  });

  // ieee8023/covid-chestxray-dataset: "finding" holds "No Finding", "Pneumonia" …
  it('“finding” of a few words that come again is no report', async () => {
    const { survey, found } = await importAll(
      numbered(8, 'patient,finding', (i) => `p${i},${i % 3 ? 'No Finding' : 'Pneumonia'}`),
    );
    expect(survey.mapping).toMatchObject({ reportColumn: null, labelColumns: ['finding'] });
    expect(found.map(({ labels }) => labels[0])).toEqual([1, 0, 0, 1, 0, 0, 1, 0]);
  });

  it('short reports that differ stay reports', async () => {
    const texts = ['No finding.', 'Large heart.', 'Small effusion left.', 'No finding.'];
    const { found } = await importAll(
      numbered(4, 'patient,findings,dx', (i) => `p${i},${texts[i]!},${i % 2}`),
    );
    expect(found.map(({ report }) => report)).toEqual(texts);
  });

  it('short sentences that come again stay reports', async () => {
    const contents = numbered(
      8,
      'patient,Befund,dx',
      (i) => `p${i},${i % 3 ? 'Herz normal.' : 'Herz groß.'},${i % 2}`,
    );
    expect((await importAll(contents)).survey.mapping.reportColumn).toBe('Befund');
  });

  // The Kaggle archive chest-xray-pneumonia holds chest_xray/chest_xray, a copy of itself (ML-TANGO/TANGO #180).
  it('folders of a copy inside of the folder are no classes', async () => {
    const paths = ['train/NORMAL/1', 'train/NORMAL/2', 'train/PNEUMONIA/3', 'train/PNEUMONIA/4'];
    const all = [...paths, ...paths.map((path) => path.replace('train', 'test'))].map(
      (path) => `${path}.jpg`,
    );
    const copy = films(...all.map((path) => `x/${path}`), ...all.map((path) => `x/x/${path}`));
    await expect(importer.survey(folderOf(copy), null)).rejects.toThrow(
      /its folders are not named after classes/,
    );
    const { survey } = await importAll(films(...all.map((path) => `x/${path}`)));
    expect(survey.mapping).toMatchObject({ splitColumn: 'split', labelColumns: ['PNEUMONIA'] });
  });
});

describe('which film a row means', () => {
  const sites = films('site1/images/a.png', 'site1/images/b.png', 'site2/images/a.png', 'site2/images/c.png');
  const joined = ({ found }: Tried): string[] => found.map(({ path, patientId }) => `${patientId} ${path}`);

  it.each([
    ['beside the films', 'site1/labels.csv', 'images/'],
    ['beside the films, by name alone', 'site1/labels.csv', ''],
    ['in a folder of its own', 'site1/tables/labels.csv', 'images/'],
  ])('a table %s means the films around it, and none of another site', async (_where, table, folder) => {
    const tried = await importAll({
      ...sites,
      [table]: `image,patient,dx\n${folder}a.png,1,1\n${folder}b.png,2,0\n${folder}c.png,3,1\n`,
    });
    expect(joined(tried)).toEqual(['1 site1/images/a.png', '2 site1/images/b.png']);
    expect(tried.words).toMatch(
      /row 4: “(images\/)?c\.png” is not in the folder: site2\/images\/c\.png has a name/,
    );
  });

  it('paths from the chosen folder on are taken as they are', async () => {
    const tried = await importAll({
      ...sites,
      'site1/all.csv':
        'image,patient,dx\nsite1/images/a.png,1,1\nsite1/images/b.png,2,0\nsite2/images/c.png,3,1\n',
    });
    expect(joined(tried)).toEqual(['1 site1/images/a.png', '2 site1/images/b.png', '3 site2/images/c.png']);
  });

  it('a table in a folder with a few other films means the films elsewhere', async () => {
    const tried = await importAll({
      ...films('images/a.png', 'images/b.png', 'doc/logo.png'),
      'doc/labels.csv': 'image,patient,dx\na.png,1,1\nb.png,2,0\n',
    });
    expect(joined(tried)).toEqual(['1 images/a.png', '2 images/b.png']);
  });

  it('report files of another site are not taken either', async () => {
    const { found } = await importAll({
      ...films('site1/a.png', 'site1/b.png', 'site1/c.png'),
      'site1/txt/a.txt': 'One.',
      'site1/txt/b.txt': 'Two.',
      'site2/txt/a.txt': 'Other.',
      'site2/txt/c.txt': 'Stranger.',
      'site1/l.csv': 'image,patient,report,dx\na.png,1,a.txt,1\nb.png,2,b.txt,0\nc.png,3,c.txt,1\n',
    });
    expect(found.map(({ report }) => report)).toEqual(['One.', 'Two.', '']);
  });

  it('films numbered as patients are go by the other column, with a doubt', async () => {
    const { survey, found, words } = await importAll({
      ...films('0.png', '1.png', '2.png', '3.png'),
      'l.csv': 'patient,scan,dx\n3,0,0\n2,1,1\n1,2,0\n0,3,1\n',
    });
    expect(survey.mapping).toMatchObject({ imageColumn: 'scan', patientColumn: 'patient' });
    expect(found.map(({ path, patientId }) => `${path} ${patientId}`)).toEqual([
      '0.png 3',
      '1.png 2',
      '2.png 1',
      '3.png 0',
    ]);
    expect(words).toMatch(/Columns “scan” and “patient” both hold names of films, but not the same ones/);
  });

  // RSNA: patientId names the film and nothing else does.
  it('a patient’s column that alone names films is the film’s', async () => {
    const { survey, words } = await importAll({
      ...films('00ab.png', '00cd.png'),
      'l.csv': 'patientId,Target\n00ab,1\n00cd,0\n',
    });
    expect(survey.mapping.imageColumn).toBe('patientId');
    expect(words).not.toMatch(/both hold names/);
  });
});
