/**
 * Tables, sound and broken. Broken rows are refused by their number and cost no other row.
 */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/errors.ts';
import { makeImagesCsv } from '../../../src/cohort/importers/images-csv.ts';
import { parseTable } from '../../../src/cohort/importers/table.ts';
import { Random } from '../../../src/random/random.ts';
import { films, folderOf } from './folder.ts';

describe('parseTable', () => {
  it('numbers rows as a spreadsheet does and lines as an editor does, over blank lines and line breaks in cells', () => {
    const { rows } = parseTable('a,b\n1,"x\ny"\n\n2,z\n', 't.csv');
    expect(rows).toEqual([
      { number: 2, line: 2, cells: ['1', 'x\ny'] },
      { number: 4, line: 5, cells: ['2', 'z'] },
    ]);
  });

  it('names the line of a refused row where it differs from its number', () => {
    const { problems } = parseTable('a,b\n1,"x\ny"\n2,z\n3\n', 't.csv');
    expect(problems.map(({ where }) => where)).toEqual(['t.csv row 4 (line 5)']);
  });

  it.each([
    ['comma', 'a,b;c\n1,2\n', ['a', 'b;c']],
    ['semicolon', 'a;b,c;d\n1;2;3\n', ['a', 'b,c', 'd']],
    ['tab', 'a\tb\n1\t2\n', ['a', 'b']],
    ['one column', 'a\n1\n', ['a']],
  ])('finds the delimiter: %s', (_name, text, columns) => {
    expect(parseTable(text, 't.csv').columns).toEqual(columns);
  });

  it('refuses an unterminated quote by its row and reads on', () => {
    const { rows, problems } = parseTable('a,b\n1,x\n2,"open\n3,y\n4,"closed"\n5,z\n', 't.csv');
    expect(rows.map(({ cells }) => cells[0])).toContain('1');
    expect(rows.map(({ cells }) => cells[0])).toContain('5');
    expect(problems.map(({ where }) => where)).toContain('t.csv row 3');
    expect(problems[0]!.reason).toMatch(/quotation mark/);
  });

  it('reads on after an unterminated quote that nothing closes', () => {
    const { rows, problems } = parseTable('a,b\n1,x\n2,"open\n3,y\n4,z\n', 't.csv');
    expect(rows.map(({ number, cells }) => [number, cells[0]])).toEqual([
      [2, '1'],
      [4, '3'],
      [5, '4'],
    ]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ where: 't.csv row 3', severity: 'refused' });
  });

  it('refuses rows whose cells have moved', () => {
    const { rows, problems } = parseTable('a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,,\n', 't.csv');
    expect(rows.map(({ number }) => number)).toEqual([2, 5]);
    expect(problems.map(({ where }) => where)).toEqual(['t.csv row 3', 't.csv row 4']);
  });

  it('tells columns of the same name apart', () => {
    const { columns, problems } = parseTable('a,a,\n1,2,\n', 't.csv');
    expect(columns).toEqual(['a', 'a (2)']);
    expect(problems[0]!.reason).toMatch(/Two columns are called “a”/);
  });
});

describe('line ends', () => {
  it.each([
    ['CRLF, then LF', 'a,b\r\n1,x\r\n2,y\n3,z\n'],
    ['CR, LF and CRLF', 'a,b\r1,x\n2,y\r\n3,z'],
    ['CR alone', 'a,b\r1,x\r2,y\r3,z\r'],
  ])('%s are read as what they are', (_what, text) => {
    const { rows, problems } = parseTable(text, 't.csv');
    expect(rows.map(({ number, cells }) => [number, ...cells])).toEqual([
      [2, '1', 'x'],
      [3, '2', 'y'],
      [4, '3', 'z'],
    ]);
    expect(problems).toEqual([]);
  });

  it('may be followed by the end of a text as DOS wrote it', () => {
    const { rows, problems } = parseTable('a,b\r\n1,x\r\n2,y\r\n\u001A', 't.csv');
    expect([rows.length, problems]).toEqual([2, []]);
  });

  it('are one line feed each inside a cell; a line separator of Unicode is a letter', () => {
    const { rows } = parseTable('a,b\n1,"x\r\ny\rz\nw"\n2,u\u2028v\n', 't.csv');
    expect(rows.map(({ cells }) => cells[1])).toEqual(['x\ny\nz\nw', 'u\u2028v']);
    expect(rows[1]).toMatchObject({ number: 3, line: 6 });
  });
});

describe('delimiters', () => {
  it.each([
    ['stated in the first line', 'sep=;\r\na;b\r\n1;x,y\r\n2;z\r\n', ';'],
    ['stated, after a byte-order mark', '\uFEFFsep=,\na,b\n1,x;y\n2,z\n', ','],
    ['stated in quotation marks', '"sep=|"\na|b\n1|x;y\n2|z\n', '|'],
    ['stated, of no usual kind', 'sep=^\na^b\n1^x;y\n2^z\n', '^'],
  ])('%s', (_what, text, delimiter) => {
    const { columns, rows, problems } = parseTable(text, 't.csv');
    expect(columns).toEqual(['a', 'b']);
    expect(rows.map(({ cells }) => cells)).toEqual([
      ['1', delimiter === ';' ? 'x,y' : 'x;y'],
      ['2', 'z'],
    ]);
    expect(rows.map(({ number, line }) => [number, line])).toEqual([
      [2, 3],
      [3, 4],
    ]);
    expect(problems).toEqual([]);
  });

  it('are told by the rows where names hold others of them', () => {
    const { columns } = parseTable('image;"size [width,height]";"x,y"\na.png;1;2\nb.png;3;4\n', 't.csv');
    expect(columns).toEqual(['image', 'size [width,height]', 'x,y']);
  });

  it('are semicolons where commas are decimal', () => {
    const { columns, rows } = parseTable('image;a;b;c\nf0.png;0,5;1,5;2,5\nf1.png;0,1;1,25;2,0\n', 't.csv');
    expect(columns).toHaveLength(4);
    expect(rows[1]!.cells).toEqual(['f1.png', '0,1', '1,25', '2,0']);
  });

  it('may be pipes, and tabs in front of texts with commas', () => {
    expect(parseTable('a|b|c\n1|2|x, y\n3|4|z, w\n', 't.csv').columns).toEqual(['a', 'b', 'c']);
    expect(parseTable('a\tb\nf0\tx, y, z\nf1\tu, v, w\n', 't.tsv').columns).toEqual(['a', 'b']);
  });

  it('are commas in the NIH’s table, whose names hold some and whose rows end in one', () => {
    const { columns, rows } = parseTable(
      'Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y]\n' +
        '00000001_000.png,Cardiomegaly|Emphysema,0,1,58,M,PA,2682,2749,0.143,0.143,\n' +
        '00000001_001.png,No Finding,1,1,58,M,PA,2894,2729,0.143,0.143,\n',
      't.csv',
    );
    expect(columns.slice(7)).toEqual(['OriginalImage[Width', 'Height]', 'OriginalImagePixelSpacing[x', 'y]']);
    expect(rows[0]!.cells.slice(6)).toEqual(['PA', '2682', '2749', '0.143', '0.143']);
  });
});

describe('quotation marks', () => {
  const table = (...lines: string[]): string => `image,patient,report,dx\n${lines.join('\n')}\n`;
  const sound = [0, 1, 2, 3].map((i) => `f${i}.png,${i},"Film ${i}: clear, no change",${i % 2}`);
  const images = (text: string): string[] => parseTable(text, 't.csv').rows.map(({ cells }) => cells[0]!);
  const refused = (text: string): string[] =>
    parseTable(text, 't.csv')
      .problems.filter(({ severity }) => severity === 'refused')
      .map(({ where }) => where);

  it('escaped by backslashes are read, with the backslashes that are escaped', () => {
    const { rows, problems } = parseTable(
      table(
        ...sound,
        String.raw`f4.png,4,"The so-called \"ground glass\", right",1`,
        String.raw`f5.png,5,"Read as \"normal\"",0`,
        String.raw`f6.png,6,"Path C:\\films\\",1`,
        'f7.png,7,"Said ""so"" twice",0',
      ),
      't.csv',
    );
    expect(rows.slice(4).map(({ cells }) => cells[2])).toEqual([
      'The so-called "ground glass", right',
      'Read as "normal"',
      'Path C:\\films\\',
      'Said "so" twice',
    ]);
    expect(problems).toEqual([]);
  });

  it('after a backslash that is a letter close the cell', () => {
    const { rows } = parseTable(
      table(...sound, String.raw`f4.png,4,"C:\films\",1`, 'f5.png,5,"a ""b""",0'),
      't.csv',
    );
    expect(rows.slice(4).map(({ cells }) => cells[2])).toEqual([String.raw`C:\films` + '\\', 'a "b"']);
  });

  it('are letters inside bare cells; single ones always are', () => {
    const { rows } = parseTable(
      table(`f0.png,1,5" lesion,0`, `f1.png,2,the "old" one,1`, `f2.png,3,'a,0`),
      't.csv',
    );
    expect(rows.map(({ cells }) => cells[2])).toEqual(['5" lesion', 'the "old" one', "'a"]);
  });

  it('may have space around them', () => {
    expect(parseTable('a, b\n1, "x, y" \n2,\t"z"\n', 't.csv').rows.map(({ cells }) => cells[1])).toEqual([
      'x, y',
      'z',
    ]);
  });

  it('around digits that Excel keeps as text are dropped', () => {
    const { rows } = parseTable('image,patient\nf0.png,="0042"\nf1.png,"=""0007"""\n', 't.csv');
    expect(rows.map(({ cells }) => cells[1])).toEqual(['0042', '0007']);
  });

  it('followed by text cost their own row', () => {
    const text = table(sound[0]!, 'f9.png,9,"stray "mark" here",1', sound[1]!, sound[2]!);
    expect(images(text)).toEqual(['f0.png', 'f1.png', 'f2.png']);
    expect(refused(text)).toEqual(['t.csv row 3']);
  });

  it('never closed cost their own row, be it the last', () => {
    const text = table(sound[0]!, 'f9.png,9,"open, clear,1', sound[1]!, sound[2]!, 'f8.png,8,"open,0');
    expect(images(text)).toEqual(['f0.png', 'f1.png', 'f2.png']);
    expect(refused(text)).toEqual(['t.csv row 3', 't.csv row 6']);
  });

  it.each([
    ['a cell far below', 'f9.png,9,"open clear,1', 'f8.png,8,nodule of 5",0'],
    ['the next row', 'f9.png,9,"open, with commas, here,1', 'f8.png,8,nodule of 5",0'],
    ['a quoted cell', 'f9.png,9,"open,1', 'f8.png,8,"nodule of 5",0'],
  ])('that open a cell do not swallow rows, though %s seems to close it', (what, opening, closing) => {
    const bare = [0, 1, 2, 3].map((i) => `f${i}.png,${i},clear and dry,${i % 2}`);
    const between = what === 'the next row' ? [] : bare.slice(1, 3);
    const text = table(bare[0]!, opening, ...between, closing, bare[3]!);
    expect(refused(text)).toEqual(['t.csv row 3']);
    expect(images(text)).toEqual([
      'f0.png',
      ...(between.length ? ['f1.png', 'f2.png'] : []),
      'f8.png',
      'f3.png',
    ]);
  });

  it('around texts of several lines with commas stay around them', () => {
    const long = 'FINDINGS, as said\nT8-T9, stable, 1\n\nf9, 3, dry, 0\nno effusion.';
    const { rows, problems } = parseTable(table(sound[0]!, `f9.png,9,"${long}",1`, sound[1]!), 't.csv');
    expect(rows[1]!.cells[2]).toBe(long);
    expect(problems).toEqual([]);
    const first = parseTable(
      `report,image,dx\n"A, b, c\nend, 0",f0.png,1\n"D\ne, f.",f1.png,0\nG,f2.png,1\nH,f3.png,0\n`,
      't.csv',
    );
    expect(first.rows).toHaveLength(4);
  });

  it('broken in every row end in time', () => {
    const begin = performance.now();
    for (const line of ['a",b,"\n', '1,"x""y,2\n', '"\n', '",\r', '1,"a\\"\\\\"",\\"\n', '""""\r\n\r'])
      try {
        parseTable(table(...sound) + line.repeat(100_000), 't.csv');
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    expect(performance.now() - begin).toBeLessThan(10_000);
  });
});

describe('the row with the names', () => {
  const rows = 'image,patient,dx\nf0.png,0,0\nf1.png,1,1\nf2.png,2,0\n';

  it.each([
    ['a title and a blank line', '"Export of 2024-05-02, cohort A"\n\n', 3, 'Export of 2024-05-02, cohort A'],
    ['remarks', '# made by us\n# on Monday, late\n', 3, '# made by us'],
    ['keys with values', 'Study,ABC\nExported on,2024-05-02\n\n', 4, 'Study, ABC'],
    ['a title in a row of a spreadsheet', 'Cohort A,,\n,,\n', 3, 'Cohort A'],
  ])('is found below %s, which are told', (_what, above, number, words) => {
    const { columns, rows: found, problems } = parseTable(above + rows, 't.csv');
    expect(columns).toEqual(['image', 'patient', 'dx']);
    expect(found.map((row) => row.number)).toEqual([number + 1, number + 2, number + 3]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ where: 't.csv row 1', severity: 'warned' });
    expect(problems[0]!.reason).toContain(words);
  });

  it.each([
    ['of as many cells', 'Export, of ward 3, 2024\n'],
    ['and a gap', 'Cohort A, made by B, 2024\n\n'],
  ])('is found below a title %s', (_what, title) => {
    const { columns, problems } = parseTable(title + rows, 't.csv');
    expect(columns).toEqual(['image', 'patient', 'dx']);
    expect(problems.map(({ where }) => where)).toEqual(['t.csv row 1']);
  });

  it('that cannot be read is named', () => {
    expect(() => parseTable('image,"patient,dx\nf0.png,1,0\nf1.png,2,1\n', 't.csv')).toThrow(
      /^t\.csv row 1, which should hold the names.*quotation mark/,
    );
  });

  it('may lack a name that cells stand below, but not one that nothing stands below', () => {
    expect(parseTable('image,dx,\nf0.png,1,note\nf1.png,0,\n', 't.csv').columns).toEqual([
      'image',
      'dx',
      'column 3',
    ]);
    expect(parseTable('image,dx,\nf0.png,1,\nf1.png,0\n', 't.csv').columns).toEqual(['image', 'dx']);
  });

  it('gives each column a name of its own', () => {
    expect(parseTable('a,a,a (2),a\n1,2,3,4\n', 't.csv').columns).toEqual(['a', 'a (3)', 'a (2)', 'a (4)']);
  });

  it('is found below blank lines without a word', () => {
    const { columns, rows: found, problems } = parseTable(`\n\r\n${rows}`, 't.csv');
    expect([columns.length, found[0]!.number, problems]).toEqual([3, 4, []]);
  });

  it.each([
    ['films', 'f0.png,7,0,1\nf1.png,8,1,1\nf2.png,9,0,0\n'],
    [
      'reports',
      's50414267,"FINAL REPORT of a chest film, in two views."\ns50414268,"FINAL REPORT, no change since then."\n',
    ],
    ['numbers', '0,1\n0,1\n1,0\n'],
  ])('missing above %s is an InputError that says so', (_what, text) => {
    expect(() => parseTable(text, 't.csv')).toThrow(InputError);
    expect(() => parseTable(text, 't.csv')).toThrow(
      /^t\.csv has no row with the names of its columns: row 1/,
    );
  });

  it('stays the names when all rows have a cell too many, which are refused', () => {
    const { columns, problems, refusedRows } = parseTable(
      'image,patient,report\nf0.png,0,clear, dry\nf1.png,1,clear, wet\nf2.png,2,no, no\n',
      't.csv',
    );
    expect([columns.length, refusedRows, problems[0]!.where]).toEqual([3, 3, 't.csv row 2']);
  });

  it('lacks the column of row numbers that R writes', () => {
    const { columns, rows: found } = parseTable('"image","dx"\n"1","f0.png",0\n"2","f1.png",1\n', 't.csv');
    expect(columns).toEqual(['column 1', 'image', 'dx']);
    expect(found[1]!.cells).toEqual(['2', 'f1.png', '1']);
  });

  it('may come again below, where tables were put one below the other', () => {
    const { rows: found, problems } = parseTable(`${rows}\uFEFF${rows}`, 't.csv');
    expect(found.map(({ number }) => number)).toEqual([2, 3, 4, 6, 7, 8]);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.reason).toMatch(/^Row 5 repeated the names/);
  });

  it('is freed of what cannot be seen', () => {
    const { columns } = parseTable(
      '\uFEFF\u200Bimage\u00A0,"Pleural\nEffusion"\nf0.png,1\nf1.png,0\n',
      't.csv',
    );
    expect(columns).toEqual(['image', 'Pleural Effusion']);
  });

  it('is told from a second row of names', () => {
    const { problems } = parseTable(
      'image,age,dx\nfile,years,yes or no\nf0.png,41,0\nf1.png,52,1\nf2.png,63,0\n',
      't.csv',
    );
    expect(problems.map(({ where }) => where)).toEqual(['t.csv row 2']);
    expect(problems[0]!.reason).toMatch(/second row of names/);
  });
});

describe('mutants of a table', () => {
  const importer = makeImagesCsv(() => Promise.resolve({ side: 1, pixels: new Uint8Array(1) }));
  const sound =
    'image,patient_id,report,split,dx,sex\n' +
    Array.from(
      { length: 8 },
      (_, i) => `p${i}.png,${i},"Lungs, ""clear"" ${i}",${['train', 'valid', 'test'][i % 3]},${i % 2},F\n`,
    ).join('');
  const names = Array.from({ length: 8 }, (_, i) => `p${i}.png`);

  it('400 of them end in rows and problems or in an InputError that names the file, each within a second', async () => {
    const random = new Random('table mutants');
    let refused = 0;
    let imported = 0;
    for (let i = 0; i < 400; i++) {
      const files = folderOf({
        'labels.csv': mutate(new TextEncoder().encode(sound), random),
        ...films(...names),
      });
      const start = performance.now();
      try {
        const { mapping } = await importer.survey(files, null);
        const found = await importer.find(files, mapping);
        imported++;
        for (const { where, reason } of found.problems)
          expect([where, reason].every((text) => text.length > 0)).toBe(true);
        for (const film of found.films)
          expect(film.labels.every((value) => value === null || value === 0 || value === 1)).toBe(true);
      } catch (error) {
        refused++;
        expect(error).toBeInstanceOf(InputError);
        expect((error as InputError).message).toMatch(/labels\.csv|two sides/);
      }
      expect(performance.now() - start).toBeLessThan(1000);
    }
    expect(imported).toBeGreaterThan(50);
    expect(refused).toBeGreaterThan(10);
  });
});

/** One to four changes: a byte, a cut, a repetition, or one of the letters that tables are sensitive to. */
function mutate(bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  let list = [...bytes];
  for (let n = 1 + random.integer(4); n > 0; n--) {
    const at = random.integer(list.length);
    const kind = random.integer(4);
    if (kind === 0) list[at] = random.integer(256);
    else if (kind === 1) list.splice(at, random.integer(60));
    else if (kind === 2) list.splice(at, 0, ...list.slice(at, at + random.integer(60)));
    else list.splice(at, 0, random.pick([...'",;\t\r\n\0-'].map((c) => c.charCodeAt(0))));
    if (list.length === 0) list = [10];
  }
  return new Uint8Array(list);
}
