/**
 * From a table's file to its text: encodings, damage, packing, and files that are called tables and are none.
 */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText, TextAssembler } from '../../../src/cohort/importers/decode-text.ts';
import { unreadTable } from '../../../src/cohort/importers/file-kind.ts';
import { isTable, readTable, readTableHead } from '../../../src/cohort/importers/table.ts';
import { Random } from '../../../src/random/random.ts';

const source = (path: string, ...parts: BlobPart[]) => ({ path, file: new File(parts, path) });
const bytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const rows = (count: number): string =>
  Array.from({ length: count }, (_, i) => `f${i}.png,${i},"Film ${i}, clear",${i % 2}\n`).join('');
const table = (count: number): string => `image,patient,report,dx\n${rows(count)}`;

async function refusal(...[path, ...parts]: Parameters<typeof source>): Promise<string> {
  const error: unknown = await readTable(source(path, ...parts)).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'InputError' });
  return (error as Error).message;
}

describe('encodings', () => {
  it('a few letters that are not UTF-8 cost their own rows', async () => {
    const damaged = bytes(`${table(4)}f4.png,4,"A letter cut in two: \xc3",1\n${rows(3)}`);
    const { rows: found, problems } = await readTable(source('t.csv', damaged));
    expect(found).toHaveLength(7);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ where: 't.csv row 6', severity: 'refused' });
    expect(problems[0]!.reason).toMatch(/not UTF-8/);
  });

  it('many of them are another encoding', async () => {
    const latin = Array.from({ length: 40 }, (_, i) => `f${i}.png,${i},"\xd6dem",1\n`).join('');
    expect(await refusal('t.csv', bytes(table(40) + latin))).toMatch(
      /^t\.csv is not UTF-8 text.*Save it again/,
    );
    expect(await refusal('t.csv', bytes('image,a\nf0.png,\xe5\n'))).toMatch(/^t\.csv is not UTF-8/);
  });

  it('zero bytes are dropped and never called another encoding', async () => {
    const { rows: found, problems } = await readTable(
      source('t.csv', `${table(2)}\0f2.png,2,"\0Film\0",1\n${'\0'.repeat(4096)}`),
    );
    expect(found[2]!.cells).toEqual(['f2.png', '2', 'Film', '1']);
    expect(problems.map(({ reason }) => reason).join()).toMatch(/^Rows 4, 5 held zero bytes/);
    expect(await refusal('t.csv', new Uint8Array(4096))).toMatch(/nothing but zero bytes/);
  });

  it('UTF-16 without its mark is told as that', async () => {
    const wide = new Uint8Array([...table(3)].flatMap((letter) => [letter.charCodeAt(0), 0]));
    expect(await refusal('t.csv', wide)).toMatch(/^t\.csv is not UTF-8 text: every second byte is zero/);
  });

  it('UTF-16 with its mark may state the delimiter', async () => {
    const text = '\uFEFFsep=;\r\nimage;dx\r\nå.png;1\r\nb.png;0\r\n';
    const wide = new Uint8Array(
      [...text].flatMap((letter) => [letter.charCodeAt(0) & 255, letter.charCodeAt(0) >> 8]),
    );
    const { columns, rows: found } = await readTable(source('t.csv', wide));
    expect([columns, found[0]!.cells]).toEqual([
      ['image', 'dx'],
      ['å.png', '1'],
    ]);
  });

  it.each(['utf-8', 'utf-16le', 'utf-16be'])('%s is the same text in pieces of any size', (encoding) => {
    const encode = (text: string): Uint8Array => {
      if (encoding === 'utf-8') return new TextEncoder().encode(text);
      const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
      return new Uint8Array(
        [0xfeff, ...units].flatMap((unit) =>
          encoding === 'utf-16le' ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255],
        ),
      );
    };
    const text = fc
      .string({ unit: 'grapheme' })
      .map((letters) => letters.replaceAll('\0', '').replace(/^\uFEFF+/, ''));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 5 }), (letters, size) => {
        const encoded = encode(letters);
        const assembler = new TextAssembler('t.csv');
        for (let i = 0; i < encoded.length; i += size) assembler.push(encoded.subarray(i, i + size));
        expect(assembler.finish().text).toBe(letters);
        expect(decodeText(encoded, 't.txt')).toBe(letters);
      }),
    );
  });
});

describe('gzip', () => {
  it('is read by its content, whatever the file is called', async () => {
    for (const path of ['t.csv.gz', 't.csv'])
      expect((await readTable(source(path, gzipSync(table(5))))).rows).toHaveLength(5);
    const head = await readTableHead(source('t.tsv.gz', gzipSync(table(50_000))), 10_000);
    expect(head.rows.length).toBeGreaterThan(100);
    expect(head.rows.length).toBeLessThan(1000);
  });

  it('that is cut or damaged is an InputError that names the file', async () => {
    const packed = gzipSync(table(5000));
    expect(await refusal('t.csv.gz', packed.subarray(0, packed.length - 40))).toMatch(
      /^t\.csv\.gz cannot be unpacked/,
    );
    expect(await refusal('t.csv.gz', packed.fill(7, 400, 500))).toMatch(/^t\.csv\.gz cannot be unpacked/);
  });

  it('that unpacks to more than 400 MB is stopped', async () => {
    const bomb = gzipSync(new Uint8Array(420_000_000).fill(0x31), { level: 1 });
    expect(await refusal('t.csv.gz', bomb)).toMatch(/more than 400 MB/);
  }, 60_000);
});

describe('what is no table', () => {
  it.each([
    [
      'a pointer of Git LFS',
      'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n',
      /git lfs pull/,
    ],
    ['a pointer of git-annex', '../.git/annex/objects/aa/bb\n', /git annex get/],
    ['a web page', '\r\n<!DOCTYPE html>\n<html><title>Log in</title>', /web page/],
    ['a PDF', '%PDF-1.7\n', /PDF/],
    ['an old spreadsheet', bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'), /\.xlsx without a password/],
    ['Parquet', bytes('PAR1\x15\x04'), /Parquet/],
    ['JSON', '[{"image": "f0.png"}]', /JSON/],
    ['lines of JSON', '{"image": "f0.png"}\n', /JSON/],
  ])('%s is told by its content', async (_what, content, words) => {
    const message = await refusal('set/labels.csv', content);
    expect(message).toMatch(/^set\/labels\.csv is no table but /);
    expect(message).toMatch(words);
    if (typeof content === 'string') expect(await refusal('t.csv.gz', gzipSync(content))).toMatch(words);
  });

  it.each([
    ['a/labels.xls', /^Tables in \.xls are not read\. Save it as \.xlsx/],
    ['labels.ODS', /\.ods/],
    ['labels.csv.zip', /Unpack it/],
    ['labels.parquet', /CSV/],
    ['meta.jsonl', /CSV/],
    ['notes.json.gz', /\.json/],
    ['x.sav', /SPSS/],
  ])('%s is told by its name', (path, words) => {
    expect(isTable(source(path))).toBe(false);
    expect(unreadTable(path)).toMatch(words);
  });

  it.each(['labels.csv', 'a.txt', 'film.png', 'README', 'json', '.json', '~$labels.xls'])(
    '%s is no table that is left unread',
    (path) => expect(unreadTable(path)).toBeNull(),
  );

  it.each(['a.csv', 'A.TSV', 'a.tab', 'a.csv.gz', 'b/a.tsv.gz'])('%s is a table', (path) =>
    expect(isTable(source(path))).toBe(true),
  );
});

describe('a long table', () => {
  it('gives way, tells its progress, and stops when asked', async () => {
    const long = source('t.csv', table(100_000), rows(400_000));
    const progress: number[] = [];
    await readTable(long, {
      signal: new AbortController().signal,
      onProgress: (_phase, done, total) => progress.push(done / total),
    });
    expect(progress.length).toBeGreaterThan(0);
    expect(progress.every((share, i) => share >= (progress[i - 1] ?? 0) && share <= 1)).toBe(true);
    const controller = new AbortController();
    const reading = readTable(long, { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(reading).rejects.toMatchObject({ name: 'StoppedError' });
  });

  it('is read the same in pieces as at once', async () => {
    const random = new Random('pieces');
    const text = table(1000).replace(/clear/g, () => random.pick(['clear', 'Ödem', '\u{1FAC1} lungs']));
    const { rows: found } = await readTable(source('t.csv', text));
    expect(found.map(({ cells }) => cells.join())).toEqual(
      text
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.replaceAll('"', '')),
    );
  });
});
