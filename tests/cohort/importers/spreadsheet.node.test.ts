/**
 * Spreadsheets, written with the library that reads them and by hand where they are broken.
 */
import { deflateRawSync } from 'node:zlib';
import { writeXlsx, type CellValue } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { isTable, readTable, readTableHead } from '../../../src/cohort/importers/table.ts';

type Sheets = Parameters<typeof writeXlsx>[0]['sheets'];

async function workbook(...sheets: Sheets): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await writeXlsx({ sheets }));
}

const source = (bytes: BlobPart, path = 'labels.xlsx') => ({ path, file: new File([bytes], path) });
const rows: CellValue[][] = [
  ['image', 'patient', 'report', 'dx'],
  ['f0.png', '0042', 'Clear, "dry"\r\nno effusion', 0],
  ['f1.png', 7, ' Effusion ', 1],
  ['f2.png', '8', null, null],
];

async function refusal(bytes: BlobPart, path?: string): Promise<string> {
  const error: unknown = await readTable(source(bytes, path)).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'InputError' });
  return (error as Error).message;
}

describe('a spreadsheet', () => {
  it('gives its cells as text, under the numbers that it shows', async () => {
    const table = await readTable(source(await workbook({ name: 'Labels', rows })));
    expect(table).toEqual({
      path: 'labels.xlsx',
      columns: ['image', 'patient', 'report', 'dx'],
      rows: [
        { number: 2, line: 2, cells: ['f0.png', '0042', 'Clear, "dry"\nno effusion', '0'] },
        { number: 3, line: 3, cells: ['f1.png', '7', 'Effusion', '1'] },
        { number: 4, line: 4, cells: ['f2.png', '8', '', ''] },
      ],
      problems: [],
      refusedRows: 0,
    });
    expect(isTable(source(''))).toBe(true);
    expect(isTable(source('', '~$labels.xlsx'))).toBe(false);
  });

  it('writes numbers, truth, days and times in one way', async () => {
    const cells: CellValue[] = [
      'f.png',
      1.0,
      -0.5,
      true,
      new Date(Date.UTC(2024, 1, 29)),
      new Date(Date.UTC(2024, 1, 29, 13, 5)),
      '#N/A',
    ];
    const names = ['image', 'a', 'b', 'c', 'd', 'e', 'f'];
    const { rows: found } = await readTable(
      source(await workbook({ name: 'S', rows: [names, cells, cells] })),
    );
    expect(found[0]!.cells).toEqual([
      'f.png',
      '1',
      '-0.5',
      'TRUE',
      '2024-02-29',
      '2024-02-29 13:05:00',
      '#N/A',
    ]);
  });

  it('may begin with titles and blank rows, and a column to the right', async () => {
    const moved = [['Cohort A'], [], ...rows].map((cells) => [null, ...cells]);
    const {
      columns,
      rows: found,
      problems,
    } = await readTable(source(await workbook({ name: 'S', rows: moved })));
    expect([columns, found.map(({ number }) => number)]).toEqual([rows[0], [4, 5, 6]]);
    expect(problems.map(({ where, severity }) => [where, severity])).toEqual([
      ['labels.xlsx row 1', 'warned'],
    ]);
  });

  it('with several sheets is read from the first visible one with a table, and the others are named', async () => {
    const bytes = await workbook(
      { name: 'Old', hidden: true, rows },
      { name: 'Read me', rows: [['About this file'], ['Made by us']] },
      { name: 'Films', rows },
      {
        name: 'Second',
        rows: [
          ['who', 'when'],
          ['x', 1],
          ['y', 2],
        ],
      },
    );
    const { rows: found, problems } = await readTable(source(bytes));
    expect(found).toHaveLength(3);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.reason).toMatch(/“Films” is read; tables stand also in “Second”/);
  });

  it('warns of ids that have lost their last digits', async () => {
    const bytes = await workbook({
      name: 'S',
      rows: [
        ['image', 'id'],
        ['f.png', 12345678901234567890],
        ['g.png', 2],
      ],
    });
    const { problems } = await readTable(source(bytes));
    expect(problems.map(({ reason }) => reason).join()).toMatch(
      /^Row 2 holds a number of more than 15 digits/,
    );
  });

  it('warns of formulas that nobody has calculated', async () => {
    const formulas = new Map([['1,1', { formula: 'B3*2' }]]);
    const bytes = await workbook({
      name: 'S',
      rows: [
        ['image', 'dx'],
        ['f.png', null],
        ['g.png', 1],
        ['h.png', 0],
      ],
      cells: formulas,
    });
    const { rows: found, problems } = await readTable(source(bytes));
    expect(found.map(({ cells }) => cells[1])).toEqual(['', '1', '0']);
    expect(problems.map(({ reason }) => reason).join()).toMatch(
      /^Formulas without results.*: 1, the first in row 2/,
    );
  });

  it('is told by its content, and only its first rows are read for a look', async () => {
    const many = [rows[0]!, ...Array.from({ length: 3000 }, (_, i) => [`f${i}.png`, i, 'Clear', i % 2])];
    const bytes = await workbook({ name: 'S', rows: many });
    expect((await readTable(source(bytes, 'labels.csv'))).rows).toHaveLength(3000);
    expect((await readTableHead(source(bytes))).rows.length).toBeLessThan(600);
    expect((await readTable(source('image,dx\nf.png,1\n', 'labels.xlsx'))).rows).toHaveLength(1);
  });
});

describe('what is no spreadsheet', () => {
  it('is told by its parts', async () => {
    expect(await refusal(archive({ 'labels.csv': 'a,b\n1,2\n' }), 'labels.csv')).toBe(
      'labels.csv is no table but a zip archive. Unpack it.',
    );
    expect(await refusal(archive({ mimetype: 'x', 'content.xml': '<a/>' }))).toMatch(/another program/);
    expect(await refusal(archive({ '[Content_Types].xml': '<a/>', 'xl/workbook.bin': 'x' }))).toMatch(
      /\.xlsb/,
    );
    expect(await refusal(archive({ '[Content_Types].xml': '<a', 'xl/workbook.xml': '<b' }))).toMatch(
      /^labels\.xlsx cannot be read as a spreadsheet/,
    );
  });

  it('is refused when it is cut, anywhere', async () => {
    const bytes = await workbook({ name: 'S', rows });
    for (let length = 4; length < bytes.length; length += 97)
      expect(await refusal(bytes.slice(0, length))).toMatch(/^labels\.xlsx/);
  });

  it('is refused when it unpacks to too much, or says nothing of its size', async () => {
    const parts = { '[Content_Types].xml': '<a/>', 'xl/workbook.xml': 'x'.repeat(100) };
    expect(await refusal(archive(parts, 500_000_000))).toMatch(/unpacks to more than 400 MB/);
    expect(await refusal(archive(parts, 0))).toMatch(/unpacks to more than 400 MB/);
  });
});

/** A zip archive (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT) of deflated parts, which may state a wrong size. */
function archive(parts: Readonly<Record<string, string>>, statedSize?: number): Uint8Array<ArrayBuffer> {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(parts)) {
    const packed = deflateRawSync(text);
    const sizes = Buffer.alloc(20);
    sizes.writeUInt16LE(20, 0);
    sizes.writeUInt16LE(8, 4);
    sizes.writeUInt32LE(packed.length, 14);
    const head = Buffer.concat([sizes, Buffer.alloc(6)]);
    head.writeUInt32LE(statedSize ?? text.length, 18);
    head.writeUInt16LE(name.length, 22);
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), head, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), head, rest, Buffer.from(name)]));
    local.push(file);
    offset += file.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(central.length, 4);
  end.writeUInt16LE(central.length, 6);
  end.writeUInt32LE(Buffer.concat(central).length, 8);
  end.writeUInt32LE(offset, 12);
  return new Uint8Array(Buffer.concat([...local, ...central, Buffer.from('PK\x05\x06'), end]));
}
