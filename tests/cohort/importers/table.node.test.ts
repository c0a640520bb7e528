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
  it('numbers rows as a spreadsheet does, over blank lines and line breaks in cells', () => {
    const { rows } = parseTable('a,b\n1,"x\ny"\n\n2,z\n', 't.csv');
    expect(rows).toEqual([
      { number: 2, cells: ['1', 'x\ny'] },
      { number: 4, cells: ['2', 'z'] },
    ]);
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
