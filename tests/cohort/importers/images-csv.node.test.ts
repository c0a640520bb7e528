/**
 * Golden folders in small: each expectation is read off the table that stands above it.
 */
import { describe, expect, it } from 'vitest';
import { makeImagesCsv } from '../../../src/cohort/importers/images-csv.ts';
import type { CohortMapping, FolderFile, FoundImage } from '../../../src/cohort/importers/importer.ts';
import type { ImportProblem } from '../../../src/cohort/cohort.ts';
import { films, folderOf } from './folder.ts';

const importer = makeImagesCsv(() => Promise.resolve({ side: 1, pixels: new Uint8Array(1) }));

async function importAll(
  files: FolderFile[],
  change: Partial<CohortMapping> = {},
): Promise<{ found: readonly FoundImage[]; problems: readonly ImportProblem[]; mapping: CohortMapping }> {
  const survey = await importer.survey(files, null);
  const mapping = { ...survey.mapping, ...change };
  const { films: found, problems } = await importer.find(files, mapping);
  return { found, problems, mapping };
}

function at(problems: readonly ImportProblem[], where: string): string {
  return problems
    .filter((problem) => problem.where.includes(where))
    .map(({ reason }) => reason)
    .join(' | ');
}

describe('reading a folder', () => {
  it('finds image, patient, report, split, labels and subgroups, with text reports, semicolons and a byte-order mark', async () => {
    const table =
      '\uFEFFImageID;PatientID;Findings;Split;Edema;Effusion;Sex\r\n' +
      'a/p1.png;7;"No edema; clear";train;0;1;F\r\na/p2.png;7;Edema is seen;train;1;;F\r\n' +
      'a/p3.png;8;Small effusion left;valid;0.0;1.0;M\r\na/p4.png;9;Nothing of note;test;1.0;0;M\r\n';
    const files = folderOf({
      'set/labels.csv': table,
      ...films('set/a/p1.png', 'set/a/p2.png', 'set/a/p3.png', 'set/a/p4.png'),
    });
    const { found, problems, mapping } = await importAll(files);
    expect(mapping).toEqual({
      importer: 'imagesCsv',
      tablePath: 'set/labels.csv',
      imageColumn: 'ImageID',
      patientColumn: 'PatientID',
      reportColumn: 'Findings',
      reportIs: 'text',
      reportParts: [],
      splitColumn: 'Split',
      splitValues: { train: 'train', valid: 'validation', test: 'test' },
      labelColumns: ['Edema', 'Effusion'],
      labelReadings: {},
      groupColumns: ['Sex'],
      patientSpellings: null,
    });
    expect(problems).toEqual([]);
    expect(
      found.map(({ imageId, patientId, report, labels, split }) => [
        imageId,
        patientId,
        report,
        labels,
        split,
      ]),
    ).toEqual([
      ['a/p1.png', '7', 'No edema; clear', [0, 1], 'train'],
      ['a/p2.png', '7', 'Edema is seen', [1, null], 'train'],
      ['a/p3.png', '8', 'Small effusion left', [0, 1], 'validation'],
      ['a/p4.png', '9', 'Nothing of note', [1, 0], 'test'],
    ]);
    expect(found[2]!.groups).toEqual({ Sex: 'M' });
  });

  it.each([
    ['utf-16le', [0xff, 0xfe]],
    ['utf-16be', [0xfe, 0xff]],
  ] as const)('reads %s with its mark, tabs and letters beyond ASCII', async (encoding, mark) => {
    const text =
      'image\tpatient_id\treport\tdied\np1.png\tÅsa\tÖdem i båda lungor\t1\np2.png\tBo\tInga ödem ses\t0\n';
    const bytes = [...text].flatMap((letter) => {
      const code = letter.charCodeAt(0);
      return encoding === 'utf-16le' ? [code & 255, code >> 8] : [code >> 8, code & 255];
    });
    const files = folderOf({ 'l.tsv': new Uint8Array([...mark, ...bytes]), ...films('p1.png', 'p2.png') });
    const { found } = await importAll(files);
    expect(found.map(({ patientId, report, labels }) => [patientId, report, labels])).toEqual([
      ['Åsa', 'Ödem i båda lungor', [1]],
      ['Bo', 'Inga ödem ses', [0]],
    ]);
  });

  it.each([
    ['Latin-1', new Uint8Array([...'image,a\nF'].map((c) => c.charCodeAt(0)).concat(0xe5, 0x0a))],
    ['UTF-16 without its mark', new Uint8Array([...'image,a\n'].flatMap((c) => [c.charCodeAt(0), 0]))],
  ])('refuses %s by the name of the file', async (_encoding, bytes) => {
    const files = folderOf({ 'old/labels.csv': bytes, ...films('p1.png') });
    await expect(importer.survey(files, null)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(/^old\/labels\.csv is not UTF-8 text.*Save it again/) as string,
    });
  });

  it('takes −1 as missing with one warning that counts, and every spelling of present, absent and missing', async () => {
    const table =
      'image,patient,A,B\np1.png,1,-1,yes\np2.png,2,-1.0,No\np3.png,3,1,TRUE\np4.png,4,0,false\np5.png,5,NaN,Censored\np6.png,6,1.0,uncertain\n';
    const files = folderOf({ 'l.csv': table, ...films(...[1, 2, 3, 4, 5, 6].map((i) => `p${i}.png`)) });
    const { found, problems } = await importAll(files);
    expect(found.map(({ labels }) => labels)).toEqual([
      [null, 1],
      [null, 0],
      [1, 1],
      [0, 0],
      [null, null],
      [1, null],
    ]);
    const warnings = problems.filter(({ reason }) => reason.includes('uncertain'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]!.reason).toMatch(/^3 uncertain label values.*A 2, B 1/);
  });

  it('warns of any other value by row and value and takes it as missing', async () => {
    const table =
      'image,patient,dx\np1.png,1,0\np2.png,2,1\np3.png,3,maybe\np4.png,4,2\np5.png,5,1\np6.png,6,0\n' +
      [7, 8, 9, 10, 11].map((i) => `p${i}.png,${i},1\n`).join('');
    const files = folderOf({
      'l.csv': table,
      ...films(...Array.from({ length: 11 }, (_, i) => `p${i + 1}.png`)),
    });
    const { found, problems } = await importAll(files);
    expect(found.slice(0, 6).map(({ labels }) => labels[0])).toEqual([0, 1, null, null, 1, 0]);
    expect(at(problems, 'l.csv row 4')).toMatch(/“dx” holds “maybe”.*taken as missing/);
    expect(at(problems, 'l.csv row 5')).toMatch(/holds “2”/);
  });

  it('does not take counts, codes, constants and ids for labels', async () => {
    const table =
      'image,patient_id,index,sex,all_ones,ward,orig_width,Follow-up #,dx\n' +
      'p1.png,1,0,0,1,3,640,0,0\np2.png,2,1,1,1,4,641,1,1\np3.png,3,0,1,1,5,642,1,1\n';
    const files = folderOf({ 'l.csv': table, ...films('p1.png', 'p2.png', 'p3.png') });
    const survey = await importer.survey(files, null);
    expect(survey.mapping.labelColumns).toEqual(['dx']);
    expect(survey.columns.filter(({ couldBeLabel }) => couldBeLabel).map(({ name }) => name)).toEqual(['dx']);
    expect(survey.mapping.groupColumns).toEqual(['sex']);
  });

  it('reads a .txt beside the film, and one in another folder, when the table says nothing of reports', async () => {
    const files = folderOf({
      'l.csv': 'file,patient,dx\np1.png,1,0\np2.png,2,1\np3.png,3,1\n',
      ...films('i/p1.png', 'i/p2.png', 'i/p3.png'),
      'i/p1.txt': ' Clear. \n',
      'r/p2.txt': 'Edema.',
    });
    const { found, problems } = await importAll(files);
    expect(found.map(({ report }) => report)).toEqual(['Clear.', 'Edema.', '']);
    expect(at(problems, 'l.csv row 4')).toMatch(/no report.*without one/);
  });

  it('takes the words of HTML, and says so; empty and undecodable reports leave the film in', async () => {
    const files = folderOf({
      'l.csv':
        'image,patient,report,dx\np1.png,1,1.txt,0\np2.png,2,2.txt,1\np3.png,3,3.txt,1\np4.png,4,4.txt,1\n',
      ...films('p1.png', 'p2.png', 'p3.png', 'p4.png'),
      '1.txt': '<b onclick="x()">Clear</b>',
      '2.txt': '  \n',
      '3.txt': new Uint8Array([0xff, 0x41, 0xe5]),
    });
    const { found, problems } = await importAll(files);
    expect(found.map(({ report }) => report)).toEqual(['Clear', '', '', '']);
    expect(at(problems, '1.txt')).toMatch(/HTML.*plain text/);
    expect(at(problems, '2.txt')).toMatch(/empty/);
    expect(at(problems, '3.txt')).toMatch(/not UTF-8/);
    expect(problems.map(({ reason }) => reason).join()).toMatch(/No report is called “4.txt”/);
  });
});

describe('matching films', () => {
  it('goes by path, by name where no folder is written, and by name without ending; a folder that is not there is refused', async () => {
    const files = folderOf({
      'l.csv': 'path,patient,dx\nx/a.png,1,0\n.\\y\\a.png,2,1\nelsewhere/b.png,3,1\nc,4,0\n',
      ...films('top/x/a.png', 'top/y/a.png', 'top/b.png', 'top/c.jpeg'),
    });
    const { found, problems } = await importAll(files);
    expect(found.map(({ path }) => path)).toEqual(['top/x/a.png', 'top/y/a.png', 'top/c.jpeg']);
    expect(at(problems, 'l.csv row 4')).toMatch(/elsewhere\/b.png” is not in the folder: top\/b.png/);
  });

  it('refuses ambiguous, missing, blank and repeated films by row, and films without a row by name', async () => {
    const files = folderOf({
      'l.csv': 'image,patient,dx\na.png,1,0\nb.png,2,1\nb.png,3,1\nd.png,4,0\n,5,1\ne.png,,1\n',
      ...films('x/a.png', 'y/a.png', 'b.png', 'c.png', 'e.png'),
    });
    const { found, problems } = await importAll(files);
    expect(found.map(({ imageId }) => imageId)).toEqual(['b.png']);
    expect(at(problems, 'l.csv row 2')).toMatch(/fits 2 films, x\/a.png, y\/a.png/);
    expect(at(problems, 'l.csv row 4')).toMatch(/names the film b.png, as l.csv row 3 does/);
    expect(at(problems, 'l.csv row 5')).toMatch(/No film is called “d.png”/);
    expect(at(problems, 'l.csv row 6')).toMatch(/is blank/);
    expect(at(problems, 'l.csv row 7')).toMatch(/patient.*is blank/);
    expect(at(problems, 'c.png')).toMatch(/No usable row of l.csv names this film/);
    expect(problems.filter(({ severity }) => severity === 'refused')).toHaveLength(5 + 4);
  });

  it('does not give one file to rows of other folders that share its name', async () => {
    const files = folderOf({
      'train.csv': 'Path,dx\ntrain/patient1/view1.jpg,0\ntrain/patient2/view1.jpg,1\n',
      ...films('train/patient1/view1.jpg'),
    });
    const { found, problems } = await importAll(files);
    expect(found.map(({ imageId }) => imageId)).toEqual(['train/patient1/view1.jpg']);
    expect(at(problems, 'train.csv row 3')).toMatch(/patient2/);
  });

  it('takes case-different names and patients together, with a word', async () => {
    const files = folderOf({
      'l.csv': 'image,patient,dx\nA.PNG,P1,0\nb.png,p1,1\nc.png,p2,1\n',
      ...films('a.png', 'b.png', 'c.png'),
    });
    const { found, problems } = await importAll(files);
    expect(found.map(({ path, patientId }) => [path, patientId])).toEqual([
      ['a.png', 'P1'],
      ['b.png', 'P1'],
      ['c.png', 'p2'],
    ]);
    expect(at(problems, 'l.csv row 2')).toMatch(/upper and lower case/);
    expect(at(problems, 'l.csv row 3')).toMatch(/“p1” differs from “P1”/);
  });
});

describe('patients without a column', () => {
  it('are taken from folders named after patients, with a word', async () => {
    const paths = ['patient1/study1/v.jpg', 'patient1/study2/v.jpg', 'patient2/study1/v.jpg'];
    const files = folderOf({
      'train.csv': `Path,dx\n${paths.map((path, i) => `set/train/${path},${i % 2}\n`).join('')}`,
      ...films(...paths.map((path) => `train/${path}`)),
    });
    const { found, problems } = await importAll(files);
    expect(found.map(({ patientId }) => patientId)).toEqual(['patient1', 'patient1', 'patient2']);
    expect(at(problems, 'train.csv')).toMatch(/taken from the folders/);
  });

  it('are the films themselves when nothing else is known, with a warning of leaks', async () => {
    const files = folderOf({ 'l.csv': 'image,dx\na.png,0\nb.png,1\n', ...films('a.png', 'b.png') });
    const { found, problems } = await importAll(files);
    expect(found.map(({ patientId }) => patientId)).toEqual(['a.png', 'b.png']);
    expect(at(problems, 'l.csv')).toMatch(/two sides of the split/);
  });
});

describe('official splits', () => {
  it('refuses a patient on two sides by name, and says so in the survey', async () => {
    const files = folderOf({
      'l.csv': 'image,patient,split,dx\na.png,P1,train,0\nb.png,P1,test,1\nc.png,P2,val,1\n',
      ...films('a.png', 'b.png', 'c.png'),
    });
    const survey = await importer.survey(files, null);
    expect(survey.problems.map(({ reason }) => reason).join()).toMatch(
      /1 patient is on two sides.*P1 \(train and test\)/,
    );
    await expect(importer.find(files, survey.mapping)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(/1 patient is on two sides of the split: P1/) as string,
    });
    const { films: found } = await importer.find(files, { ...survey.mapping, splitColumn: null });
    expect(found).toHaveLength(3);
  });

  it('refuses rows whose side it cannot read', async () => {
    const rows = Array.from(
      { length: 20 },
      (_, i) => `p${i}.png,${i},${i === 3 ? 'holdout' : i % 2 ? 'train' : 'dev'},${i % 2}\n`,
    );
    const files = folderOf({
      'l.csv': `image,patient,set,dx\n${rows.join('')}`,
      ...films(...rows.map((_, i) => `p${i}.png`)),
    });
    const { found, problems } = await importAll(files);
    expect(found).toHaveLength(19);
    expect(at(problems, 'l.csv row 5')).toMatch(/“set” holds “holdout”; expected train, validation or test/);
  });
});

describe('what cannot be read at all', () => {
  it.each([
    ['no table', films('a.png'), /no labels table/],
    ['no films', { 'l.csv': 'image,dx\na.png,1\n' }, /no films/],
    ['an empty table', { 'l.csv': '', ...films('a.png') }, /l\.csv is empty/],
  ])('%s is an InputError that says what to do', async (_what, contents, sentence) => {
    await expect(importer.survey(folderOf(contents), null)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(sentence) as string,
    });
  });

  it('a column that is not there is named', async () => {
    const files = folderOf({ 'l.csv': 'image,patient,dx\na.png,1,0\n', ...films('a.png') });
    const { mapping } = await importer.survey(files, null);
    await expect(importer.find(files, { ...mapping, labelColumns: ['edema'] })).rejects.toThrow(
      /no column “edema”.*image, patient, dx/,
    );
  });

  it('chooses the table that names films, and offers the others', async () => {
    const files = folderOf({
      'a-notes.csv': 'who,what\nx,y\n',
      'z.csv': 'image,patient,dx\na.png,1,0\nb.png,2,1\n',
      'b-sources.csv': 'image,licence\na.png,free\nb.png,free\n',
      ...films('a.png', 'b.png'),
    });
    const survey = await importer.survey(files, null);
    expect(survey.tables[0]).toBe('z.csv');
    expect(survey.tables).toHaveLength(3);
    const other = await importer.survey(files, { ...survey.mapping, tablePath: 'b-sources.csv' });
    expect(other.tables[0]).toBe('b-sources.csv');
  });
});
