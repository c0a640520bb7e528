/**
 * Folders as they come: where reports lie, what serves as a table, what is missing, and what is left over. Each expectation is read off the
 * folder that stands above it.
 */
import { describe, expect, it } from 'vitest';
import { chooseSides } from '../../../src/cohort/official-split.ts';
import { areSameFiles } from '../../../src/cohort/importers/folder-contents.ts';
import { makeImagesCsv } from '../../../src/cohort/importers/images-csv.ts';
import type {
  CohortMapping,
  FolderFile,
  FoundImage,
  Survey,
} from '../../../src/cohort/importers/importer.ts';
import { films, folderOf } from './folder.ts';

const importer = makeImagesCsv(() => Promise.resolve({ side: 1, pixels: new Uint8Array(1) }));

async function importAll(
  files: FolderFile[],
  change: Partial<CohortMapping> = {},
): Promise<{ survey: Survey; found: readonly FoundImage[]; words: string }> {
  const survey = await importer.survey(files, null);
  const { films: found, problems } = await importer.find(files, { ...survey.mapping, ...change });
  const words = [...survey.problems, ...problems]
    .map(({ where, reason }) => `${where}: ${reason}`)
    .join('\n');
  return { survey, found, words };
}

const reportsOf = (found: readonly FoundImage[]): Record<string, string> =>
  Object.fromEntries(found.map(({ path, report }) => [path, report]));

describe('reports in files', () => {
  const table = (...paths: string[]): string =>
    `image,patient,dx\n${paths.map((path, i) => `${path},${/p\d/.exec(path)?.[0] ?? i},${i % 2}\n`).join('')}`;

  it('lie in a tree that mirrors the tree of films', async () => {
    const paths = ['films/p1/a.png', 'films/p2/a.png', 'films/p3/a.png'];
    const { found, words } = await importAll(
      folderOf({
        'l.csv': table(...paths),
        ...films(...paths),
        'txt/p1/a.txt': 'One.',
        'txt/p3/a.txt': 'Three.',
      }),
    );
    expect(reportsOf(found)).toEqual({
      'films/p1/a.png': 'One.',
      'films/p2/a.png': '',
      'films/p3/a.png': 'Three.',
    });
    expect(words).toMatch(/All paths of reports begin with “films”, and in this folder txt stands for it/);
  });

  it('lie beside the folder of the study, for all of its films', async () => {
    const paths = ['p1/s1/a.png', 'p1/s1/b.png', 'p1/s2/a.png', 'p2/s3/a.png'];
    const { found } = await importAll(
      folderOf({
        'l.csv': table(...paths),
        ...films(...paths),
        'p1/s1.txt': 'S1.',
        'p1/s2.txt': 'S2.',
        'p2/s3.txt': 'S3.',
      }),
    );
    expect(Object.values(reportsOf(found))).toEqual(['S1.', 'S1.', 'S2.', 'S3.']);
  });

  it('lie alone in the folder of the study', async () => {
    const paths = ['p1/s1/a.png', 'p1/s1/b.png', 'p2/s1/a.png'];
    const { found } = await importAll(
      folderOf({
        'l.csv': table(...paths),
        ...films(...paths),
        'p1/s1/report.txt': 'One.',
        'p2/s1/report.txt': 'Two.',
      }),
    );
    expect(Object.values(reportsOf(found))).toEqual(['One.', 'One.', 'Two.']);
  });

  it('are not what lies in a folder for all patients, nor about the folder', async () => {
    const paths = ['images/p1.png', 'images/p2.png', 'images/p3.png'];
    const { found, words } = await importAll(
      folderOf({
        'l.csv': table(...paths),
        ...films(...paths),
        'images/summary of the year.txt': 'All.',
        'images.txt': 'A list.',
        'images/README.txt': 'Read me.',
      }),
    );
    expect(found.every(({ report }) => report === '')).toBe(true);
    expect(words).toMatch(/images\/summary of the year\.txt: The text file is the report of no film/);
    expect(words).toMatch(/images\.txt: The text file/);
    expect(words).not.toMatch(/README/);
  });

  it('are never those of the only other study with such a file', async () => {
    const paths = ['p1/s1/pa.png', 'p2/s1/ap.png'];
    const { found } = await importAll(
      folderOf({
        'l.csv': table(...paths),
        ...films(...paths),
        'p1/s1/pa.txt': 'One.',
        'p3/s1/ap.txt': 'Three.',
      }),
    );
    expect(Object.values(reportsOf(found))).toEqual(['One.', '']);
  });

  it('win over a column of some text, not over one called report', async () => {
    const sentence = 'A sentence of more than eight words that somebody wrote here.';
    const files = (name: string) =>
      folderOf({
        'l.csv': `image,patient,${name},dx\na.png,1,${sentence},0\nb.png,2,${sentence},1\n`,
        ...films('a.png', 'b.png'),
        'a.txt': 'A.',
        'b.txt': 'B.',
      });
    const other = await importAll(files('memo'));
    expect(Object.values(reportsOf(other.found))).toEqual(['A.', 'B.']);
    expect(other.words).toMatch(
      /text files beside the films are taken as their reports, not the text of column “memo”/,
    );
    const report = await importAll(files('report'));
    expect(Object.values(reportsOf(report.found))).toEqual([sentence, sentence]);
    expect(report.words).toMatch(/a\.txt: The text file is the report of no film/);
  });

  it('are joined from findings and impression, each where it says something', async () => {
    const { survey, found } = await importAll(
      folderOf({
        'l.csv':
          'image,patient,findings,impression,dx\na.png,1,Lungs are clear.,No effusion.,0\nb.png,2,None,Effusion is seen.,1\nc.png,3,Heart is large.,nan,1\n',
        ...films('a.png', 'b.png', 'c.png'),
      }),
    );
    expect(survey.mapping).toMatchObject({ reportColumn: 'findings', reportParts: ['impression'] });
    expect(Object.values(reportsOf(found))).toEqual([
      'Lungs are clear.\n\nNo effusion.',
      'Effusion is seen.',
      'Heart is large.',
    ]);
  });
});

describe('folders without a table', () => {
  it('named after classes are labels, with the split that they name', async () => {
    const { survey, found, words } = await importAll(
      folderOf(
        films(
          ...['train/NORMAL/1.jpg', 'train/NORMAL/2.jpg', 'train/PNEUMONIA/3.jpg', 'train/PNEUMONIA/4.jpg'],
          ...['test/NORMAL/5.jpg', 'test/PNEUMONIA/6.jpg'],
        ),
      ),
    );
    expect(survey.mapping).toMatchObject({ splitColumn: 'split', labelColumns: ['PNEUMONIA'] });
    expect(found.map(({ path, labels, split }) => [path, labels[0], split])).toEqual([
      ['test/NORMAL/5.jpg', 0, 'test'],
      ['test/PNEUMONIA/6.jpg', 1, 'test'],
      ['train/NORMAL/1.jpg', 0, 'train'],
      ['train/NORMAL/2.jpg', 0, 'train'],
      ['train/PNEUMONIA/3.jpg', 1, 'train'],
      ['train/PNEUMONIA/4.jpg', 1, 'train'],
    ]);
    expect(words).toMatch(/folders are taken as their labels: “NORMAL” 3, “PNEUMONIA” 3/);
    expect(words).toMatch(/each film counts as a patient of its own/);
  });

  it('of three classes give a label each, but none for the normal one', async () => {
    const paths = [
      'covid/1.png',
      'covid/2.png',
      'normal/3.png',
      'normal/4.png',
      'viral/5.png',
      'viral/6.png',
    ];
    const { survey } = await importAll(folderOf(films(...paths)));
    expect(survey.mapping.labelColumns).toEqual(['covid', 'viral']);
  });

  it.each([
    ['films alone', films('a.png', 'b.png'), /2 films, but no labels table, .*one row a film/],
    [
      'a folder a patient',
      films('p00001/a.png', 'p00001/b.png', 'p00002/a.png', 'p00002/b.png'),
      /no labels table/,
    ],
    [
      'films and an archive',
      { ...films('a.png'), 'labels.zip': 'PK' },
      /1 film, but no labels table.*not unpacked here: labels\.zip/,
    ],
    ['nothing but a table', { 'l.csv': 'image,dx\na.png,1\n' }, /holds no films/],
  ])('%s: say what is missing', async (_what, contents, sentence) => {
    await expect(importer.survey(folderOf(contents), null)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(sentence) as string,
    });
  });

  const dicom = new Uint8Array(400);
  dicom.set(
    [...'DICM'].map((letter) => letter.charCodeAt(0)),
    128,
  );
  it.each([
    ['under their ending', { 'a.dcm': dicom, 'b.dcm': dicom }],
    ['with a table', { 'a.dcm': dicom, 'b.dcm': dicom, 'l.csv': 'image,dx\na.dcm,1\nb.dcm,0\n' }],
    ['without an ending', { IM000001: dicom, IM000002: dicom }],
    ['called PNG', { 'a.png': dicom, 'b.png': dicom, 'l.csv': 'image,dx\na.png,1\nb.png,0\n' }],
  ])('of DICOM %s are named as such at the first look', async (_what, contents) => {
    await expect(importer.survey(folderOf(contents), null)).rejects.toThrow(
      /2 films, and each that was opened is a DICOM/,
    );
  });

  it('a DICOM among films costs its own row, with its reason, before the import', async () => {
    const { survey, found, words } = await importAll(
      folderOf({
        ...films('a.png', 'b.png'),
        'c.dcm': dicom,
        'l.csv': 'image,patient,dx\na.png,1,0\nb.png,2,1\nc.dcm,3,1\n',
      }),
    );
    expect(survey.usableRows).toBe(2);
    expect(found).toHaveLength(2);
    expect(words).toMatch(/l\.csv row 4: c\.dcm is a DICOM file\. Films are read as PNG or JPEG/);
  });

  it('a column of two words is a label, and says how it is read', async () => {
    const { survey, found, words } = await importAll(
      folderOf({
        ...films('a.png', 'b.png'),
        'l.csv': 'image,patient,class\na.png,1,pneumonia\nb.png,2,normal\n',
      }),
    );
    expect(survey.mapping.labelColumns).toEqual(['class']);
    expect(found.map(({ labels }) => labels[0])).toEqual([1, 0]);
    expect(words).toMatch(/“class” is taken as a label: “pneumonia” means present, “normal” absent/);
  });
});

it('a folder called after a patient that holds films of two by the column is doubted', async () => {
  const paths = ['patient1/a.png', 'patient1/b.png', 'patient2/a.png'];
  const { words } = await importAll(
    folderOf({
      ...films(...paths),
      'l.csv': `image,patient,dx\n${paths.map((path, i) => `${path},${100 + i},${i % 2}\n`).join('')}`,
    }),
  );
  expect(words).toMatch(/films in patient1 belong to 2 patients by this column \(100, 101\)/);
  expect(words).not.toMatch(/films in patient2/);
});

describe('what is left over', () => {
  it('is named where it could matter', async () => {
    const { words } = await importAll(
      folderOf({
        ...films('a.png', 'b.png', 'c.jp2'),
        'l.csv': 'image,patient,dx\na.png,1,0\nb.png,2,1\n',
        'valid.csv': 'image,patient,dx\nz.png,9,0\n',
        'more.zip': 'PK',
        'reports.docx': 'PK',
        'Thumbs.db': 'x',
        '.DS_Store': 'x',
      }),
    );
    expect(words).toMatch(/valid\.csv: One table is read, l\.csv/);
    expect(words).toMatch(/more\.zip: Archives are not unpacked/);
    expect(words).toMatch(/reports\.docx: Files of this kind are not read/);
    expect(words).toMatch(/c\.jp2: No usable row of l\.csv names this film/);
    expect(words).not.toMatch(/Thumbs|DS_Store/);
  });

  it('leaves groups out that say nothing', async () => {
    const { found } = await importAll(
      folderOf({
        ...films('a.png', 'b.png'),
        'l.csv': 'image,patient,sex,age,dx\na.png,1,F,unknown,0\nb.png,2,M,61,1\n',
      }),
    );
    expect(found.map(({ groups }) => groups)).toEqual([{ sex: 'F' }, { sex: 'M', age: '61' }]);
  });
});

describe('"training or validation"', () => {
  const film = (
    patientId: string,
    split: 'train' | 'validation' | 'test' | 'trainValidation',
    i: number,
  ) => ({
    patientId,
    split,
    labels: [(i % 2) as 0 | 1],
  });

  it('is drawn into both, by patient, and leaves the test side alone', () => {
    const drawn = Array.from({ length: 40 }, (_, i) => film(`p${i >> 1}`, 'trainValidation', i >> 1));
    const test = Array.from({ length: 10 }, (_, i) => film(`t${i}`, 'test', i));
    const { sides, problems } = chooseSides(
      [...drawn, ...test],
      { train: 0.6, validation: 0.2, test: 0.2 },
      5,
    );
    expect(problems).toEqual([]);
    // 0.6 : 0.2 of 20 patients with two films each.
    expect(sides.filter((side) => side === 'train')).toHaveLength(30);
    expect(sides.filter((side) => side === 'validation')).toHaveLength(10);
    expect(sides.slice(40).every((side) => side === 'test')).toBe(true);
    for (let i = 0; i < 40; i += 2) expect(sides[i]).toBe(sides[i + 1]);
  });

  it('goes where the patient’s other films are; the test side is a leak', () => {
    const fractions = { train: 0.6, validation: 0.2, test: 0.2 };
    const films = [
      film('a', 'validation', 0),
      film('a', 'trainValidation', 1),
      film('b', 'train', 0),
      film('c', 'test', 1),
    ];
    expect(chooseSides(films, fractions, 1).sides).toEqual(['validation', 'validation', 'train', 'test']);
    expect(() => chooseSides([film('c', 'trainValidation', 0), ...films], fractions, 1)).toThrow(
      /1 patient is on two sides of the split: c/,
    );
  });
});

it('a look can be stopped, and says how far it is', async () => {
  const paths = Array.from({ length: 3000 }, (_, i) => `p${i}.png`);
  const files = folderOf({
    ...films(...paths),
    'l.csv': `image,patient,dx\n${paths.map((path, i) => `${path},${i},${i % 2}\n`).join('')}`,
  });
  const stopping = new AbortController();
  const phases = new Set<string>();
  const watch = {
    signal: stopping.signal,
    onProgress: (phase: string) => {
      phases.add(phase);
      if (phase.startsWith('Looking for reports')) stopping.abort();
    },
  };
  await expect(importer.survey(files, null, watch)).rejects.toMatchObject({ name: 'StoppedError' });
  expect(phases.size).toBeGreaterThan(2);
});

it('a folder that is handed over again is known by its paths, sizes and times', () => {
  const at = (path: string, content: string, lastModified: number): FolderFile => ({
    path,
    file: new File([content], path, { lastModified }),
  });
  const folder = [at('a.png', 'film', 1), at('l.csv', 'x', 2)];
  expect(areSameFiles(folder, [at('a.png', 'film', 1), at('l.csv', 'x', 2)])).toBe(true);
  for (const other of [at('b.csv', 'x', 2), at('l.csv', 'xy', 2), at('l.csv', 'x', 3)])
    expect(areSameFiles(folder, [folder[0]!, other])).toBe(false);
  expect(areSameFiles(folder, folder.slice(1))).toBe(false);
});

it('a code for not known in a label with a threshold is doubted, with its rows', async () => {
  const rows = ['12', '45', '-99', '-99', '999', '9'].map((score, i) => `p${i}.png,${i},${score}\n`);
  const files = folderOf({
    'l.csv': `image,patient,score\n${rows.join('')}`,
    ...films(...rows.map((_, i) => `p${i}.png`)),
  });
  const { words } = await importAll(files, {
    labelColumns: ['score'],
    labelReadings: { score: { kind: 'threshold', atLeast: 30 } },
  });
  expect(words).toMatch(
    /“-99” in 2 rows, “999” in 1 row, as programs write for “not known”.*threshold \(30\)/,
  );
  expect(words).not.toMatch(/“9” in 1 row/);
});
