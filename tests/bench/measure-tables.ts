/**
 * Time and peak memory of reading large and hostile tables. Each table is read in a process of its own, so that its peak is its own:
 *
 *   node tests/bench/measure-tables.mjs [names of tables]
 */
import process from 'node:process';
import { readTable } from '../../src/cohort/importers/table.ts';

/** A table to be read: pieces of text, joined when the file is made. */
interface TableCase {
  readonly what: string;
  readonly make: () => Generator<string>;
}

/** Tables by name; add one here to have it measured. */
export const tableCases: Readonly<Record<string, TableCase>> = {
  large: { what: '1,000,000 rows of 12 columns', make: () => rows(1_000_000, 12) },
  reports: {
    what: '250,000 rows, each with a report of 600 letters in four lines',
    make: () => reports(250_000),
  },
  quotes: {
    what: 'each row opens a quotation mark that the next row seems to close',
    make: () => hostile('a",b,"\n', 5_000_000),
  },
  unclosed: {
    what: 'each row opens a cell that is never closed',
    make: () => hostile('1,"x""y,2\n', 3_000_000),
  },
  ends: {
    what: 'every kind of line end, one after the other',
    make: () => hostile('\r\n\r\r\n\n1,2,3\r', 3_000_000),
  },
  backslashes: {
    what: 'quotation marks and backslashes',
    make: () => hostile('1,"a\\"\\\\"",\\"\n', 2_000_000),
  },
  line: { what: 'one line of 50 MB below the names', make: () => hostile('1,"2",', 8_000_000) },
  wide: { what: '100,000 columns', make: () => wide(100_000, 100) },
};

/** Reads one table. @returns a line with its size, its time and the process's peak. */
export async function measureTable(name: string): Promise<string> {
  const { what, make } = tableCases[name]!;
  const file = new File([...make()], `${name}.csv`);
  const begin = performance.now();
  const outcome = await readTable({ path: file.name, file }).then(
    ({ rows, columns, refusedRows }) =>
      `${rows.length} rows, ${refusedRows} refused, ${columns.length} columns`,
    (error: unknown) => String(error).slice(0, 100),
  );
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  return `${name.padEnd(12)} ${Math.round(file.size / 1e6)} MB  ${seconds} s  peak ${peak} MiB  ${outcome} (${what})`;
}

function* rows(count: number, columns: number): Generator<string> {
  yield `image,patient,report,split,${Array.from({ length: columns - 4 }, (_, i) => `label_${i}`).join(',')}\n`;
  const side = ['train', 'validation', 'test'];
  yield* inPieces(count, (i) => {
    const labels = Array.from({ length: columns - 4 }, (_, j) => ((i >> (j % 8)) & 1 ? '1.0' : '0.0')).join(
      ',',
    );
    return `files/p${i % 100}/film_${i}.png,patient_${i >> 2},"No effusion, heart normal, film ${i}.",${side[i % 3]},${labels}\n`;
  });
}

function* reports(count: number): Generator<string> {
  yield 'image,patient,report,effusion\r\n';
  const line = 'The lungs are clear, and no effusion is seen; "stable", as before. '.replaceAll('"', '""');
  yield* inPieces(
    count,
    (i) =>
      `film_${i}.png,patient_${i >> 2},"FINDINGS ${i}\r\n${line.repeat(4)}\r\n${line.repeat(4)}\r\nEnd",${i % 2}\r\n`,
  );
}

function* wide(columns: number, count: number): Generator<string> {
  yield `${Array.from({ length: columns }, (_, i) => `c${i}_x`).join(',')}\n`;
  for (let i = 0; i < count; i++) yield `${Array.from({ length: columns }, () => '1').join(',')}\n`;
}

function* hostile(row: string, count: number): Generator<string> {
  yield 'image,patient,effusion\nf0.png,1,0\nf1.png,2,1\nf2.png,3,0\n';
  yield* inPieces(count, () => row);
}

function* inPieces(count: number, row: (i: number) => string): Generator<string> {
  for (let i = 0; i < count;) {
    const piece: string[] = [];
    for (const end = Math.min(count, i + 10_000); i < end; i++) piece.push(row(i));
    yield piece.join('');
  }
}
