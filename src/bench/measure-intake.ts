/**
 * Time and peak memory of surveying large folders and of reading large and hostile tables. Each runs in its own process, so that its peak
 * is measured separately:
 *
 *   npm run bench -- --only intake, or node src/bench/measure-intake.mjs [names]
 */
import process from 'node:process';
import { makeImagesCsv } from '../cohort/importers/images-csv.ts';
import type { FolderFile } from '../cohort/importers/importer.ts';
import { readTable } from '../cohort/importers/table.ts';

/** A table to be read: pieces of text, joined when the file is made. */
interface TableCase {
  readonly what: string;
  readonly make: () => Generator<string>;
}

/** A folder to be surveyed and imported, but for its films' pixels: paths and a table. */
interface FolderCase {
  readonly what: string;
  readonly rows: number;
  readonly path: (i: number) => string;
}

/** Folders by name; two shapes of two sizes show whether the time grows with the number alone. */
const folderCases: Readonly<Record<string, FolderCase>> = {
  names25: { what: '25,000 films, each with a name of its own', rows: 25_000, path: ownName },
  same25: { what: '25,000 films of one name in folders of their own', rows: 25_000, path: sameName },
  names250: { what: '250,000 films, each with a name of its own', rows: 250_000, path: ownName },
  same250: { what: '250,000 films of one name in folders of their own', rows: 250_000, path: sameName },
};

/** Tables by name; add one here to have it measured. */
const tableCases: Readonly<Record<string, TableCase>> = {
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

/** All inputs, folders first. */
export const inputNames: readonly string[] = [...Object.keys(folderCases), ...Object.keys(tableCases)];

/** Reads one input. @returns a line with its size, its time and the process's peak. */
export function measureInput(name: string): Promise<string> {
  const folder = folderCases[name];
  return folder ? measureFolder(name, folder) : measureTable(name);
}

async function measureFolder(name: string, { what, rows: count, path }: FolderCase): Promise<string> {
  const importer = makeImagesCsv(() => Promise.resolve({ side: 1, pixels: new Uint8Array(1) }));
  const files = folderOf(count, path);
  const begin = performance.now();
  const { mapping, usableRows } = await importer.survey(files, null);
  const surveyed = performance.now();
  const { films } = await importer.find(files, mapping);
  const seconds = (from: number, to: number): string => `${((to - from) / 1000).toFixed(1)} s`;
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  const times = `survey ${seconds(begin, surveyed)}, import ${seconds(surveyed, performance.now())}`;
  return `${name.padEnd(12)} ${times}  peak ${peak} MiB  ${usableRows} and ${films.length} rows (${what})`;
}

/** CheXpert's table and paths. One file stands for all films, since a file of Node's takes more memory than one of a browser. */
function folderOf(count: number, path: (i: number) => string): FolderFile[] {
  const film = new File([new Uint8Array(2000)], 'film.jpg');
  const names = 'Path,Sex,Age,Frontal/Lateral,AP/PA';
  const findings = Array.from({ length: 14 }, (_, j) => `Finding ${j}`).join(',');
  const values = ['1.0', '0.0', '-1.0', ''];
  const row = (i: number): string =>
    `CheXpert-v1.0-small/${path(i)},Female,68,Frontal,AP,${Array.from({ length: 14 }, (_, j) => values[(7 * i + 3 * j) % 4]).join(',')}\n`;
  const table = new File([`${names},${findings}\n`, ...inPieces(count, row)], 'train.csv');
  const films = Array.from({ length: count }, (_, i) => ({ path: path(i), file: film }));
  return [...films, { path: 'train.csv', file: table }];
}

function sameName(i: number): string {
  return `train/patient${String(i >> 1).padStart(6, '0')}/study${1 + (i & 1)}/view1_frontal.jpg`;
}

function ownName(i: number): string {
  return `train/${String(i).padStart(8, '0')}_000.jpg`;
}

async function measureTable(name: string): Promise<string> {
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
