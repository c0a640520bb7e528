/**
 * Tables as programs write them, in folders that people have: what is read of them, cell by cell.
 */
import { describe, expect, it } from 'vitest';
import { makeImagesCsv } from '../../src/cohort/importers/images-csv.ts';
import type { FolderFile, FoundImage } from '../../src/cohort/importers/importer.ts';
import { isTable, readTable, type Table } from '../../src/cohort/importers/table.ts';
import { caseFolders, filesIn } from '../fixtures/cases.ts';

const importer = makeImagesCsv(() => Promise.resolve({ side: 1, pixels: new Uint8Array(1) }));

function folderOf(path: string): FolderFile[] {
  return filesIn(path).map((file) => ({ path: file.path, file: new File([file.bytes], file.path) }));
}

async function tableOf(files: readonly FolderFile[]): Promise<Table> {
  return readTable(files.find(isTable)!);
}

async function filmsOf(files: readonly FolderFile[]): Promise<readonly FoundImage[]> {
  const { mapping } = await importer.survey(files, null);
  return (await importer.find(files, mapping)).films;
}

const numbers = (table: Table): number[] => table.rows.map(({ number }) => number);
const column = (table: Table, name: string): string[] =>
  table.rows.map(({ cells }) => cells[table.columns.indexOf(name)]!);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe.each(caseFolders('07-mixed-line-ends'))('mixed line ends, $from', ({ folder }) => {
  it('cost no row', async () => {
    const table = await tableOf(folderOf(folder));
    expect(table.columns).toEqual(['image', 'patient', 'report', 'effusion']);
    expect(column(table, 'image')).toEqual(upTo(12).map((i) => `f${i}.png`));
    expect(column(table, 'report')[6]).toBe('Film 6: effusion, right base.');
    expect(numbers(table)).toEqual(upTo(12).map((i) => i + 2));
    expect(table.problems).toEqual([]);
    const films = await filmsOf(folderOf(folder));
    expect(films.map(({ labels }) => labels[0])).toEqual(upTo(12).map((i) => i % 2));
  });
});

describe.each(caseFolders('09-excel-sep-line'))('a line that states the delimiter, $from', ({ folder }) => {
  it('is read as what it says', async () => {
    const table = await tableOf(folderOf(folder));
    expect(table.columns).toEqual(['image', 'patient', 'report', 'effusion']);
    expect(column(table, 'report')).toEqual(upTo(8).map((i) => `Film ${i}; clear lungs`));
    expect(table.problems).toEqual([]);
    expect(await filmsOf(folderOf(folder))).toHaveLength(8);
  });
});

describe.each(caseFolders('10-backslash-quotes'))(
  'quotation marks after backslashes, $from',
  ({ folder }) => {
    it('stand in the text, and no row is lost', async () => {
      const table = await tableOf(folderOf(folder));
      expect(table.rows.map(({ cells }) => cells[2])).toEqual([
        'Lungs clear.',
        'The so-called "ground glass", right base, persists.',
        'No change.',
        'Read as "normal"',
        'Effusion, small.',
        'Impression: "stable", see before.',
        'Clear.',
        'Known "scar"',
        'Effusion, large.',
        'Clear again.',
      ]);
      expect(numbers(table)).toEqual(upTo(10).map((i) => i + 2));
      const films = await filmsOf(folderOf(folder));
      expect(films.map(({ labels }) => labels[0])).toEqual(upTo(10).map((i) => i % 2));
      expect(films[3]!.report).toBe('Read as "normal"');
    });
  },
);

describe.each(caseFolders('12-lfs-pointers'))('a pointer of Git LFS, $from', ({ folder }) => {
  it('in place of a table is told as that', async () => {
    const pointer = filesIn(folder).find(({ path }) => path === 'images/f1.png')!;
    const source = { path: 'labels.csv', file: new File([pointer.bytes], 'labels.csv') };
    await expect(readTable(source)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(/^labels\.csv .*Git LFS.*git lfs pull/) as string,
    });
  });
});

describe.each(caseFolders('21-compressed-tables'))('a table packed with gzip, $from', ({ folder }) => {
  it('is unpacked', async () => {
    const table = await tableOf(folderOf(folder));
    expect(table.columns).toEqual(['dicom_id', 'subject_id', 'study_id', 'ViewPosition', 'Rows', 'Columns']);
    expect(column(table, 'dicom_id')).toEqual(upTo(6).map((i) => `aa${i}-bb`));
    expect(column(table, 'study_id')).toEqual(upTo(6).map((i) => `5000${i}`));
  });
});

describe.each(caseFolders('32-zero-byte-in-a-cell'))('a zero byte in a cell, $from', ({ folder }) => {
  it('is dropped, and its row is named', async () => {
    const table = await tableOf(folderOf(folder));
    expect(column(table, 'report')).toEqual(
      upTo(8).map((i) => `Film ${i}: clear lungs, no effusion, heart normal.`),
    );
    expect(table.problems).toHaveLength(1);
    expect(table.problems[0]).toMatchObject({ where: 'labels.csv', severity: 'warned' });
    expect(table.problems[0]!.reason).toMatch(/^Row 7 held zero bytes/);
    expect(await filmsOf(folderOf(folder))).toHaveLength(8);
  });
});

describe.each([
  ...caseFolders('35-lines-before-the-names').map((one) => ({ ...one, first: 4, told: 1 })),
  ...caseFolders('35-lines-before-the-names', 'blank-first').map((one) => ({ ...one, first: 3, told: 0 })),
])('lines before the names, $from, $folder', ({ folder, first, told }) => {
  it('are passed over, and text among them is told', async () => {
    const table = await tableOf(folderOf(folder));
    expect(table.columns).toEqual(['image', 'patient', 'effusion']);
    expect(numbers(table)).toEqual(upTo(6).map((i) => i + first));
    expect(column(table, 'effusion')).toEqual(['0', '1', '0', '1', '0', '1']);
    expect(table.problems).toHaveLength(told);
    for (const { reason } of table.problems) expect(reason).toContain('Export of 2024-05-02, cohort A');
    expect(await filmsOf(folderOf(folder))).toHaveLength(6);
  });
});
