/**
 * Files that are called tables and are something else, told by their first bytes or by their names, with what to do about it.
 */
import { beginsWith } from '../decoders/decoder.ts';
import { foreignFormat } from '../decoders/foreign-formats.ts';

/** Whether the bytes are those of a gzip file, whatever it is called. */
export function isGzip(bytes: Uint8Array): boolean {
  return beginsWith(bytes, [0x1f, 0x8b]);
}

/** Whether the bytes are those of a zip archive, as spreadsheets in .xlsx are. */
export function isZip(bytes: Uint8Array): boolean {
  return ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'].some((mark) => beginsWith(bytes, codesOf(mark)));
}

/** First bytes of what is no table of text, as letters, with what it is and what to do. */
const marks: readonly (readonly [mark: string, what: string])[] = [
  ['PAR1\x15', 'a Parquet file. Save it as CSV.'],
  ['ARROW1\x00', 'an Arrow or Feather file. Save it as CSV.'],
  ['%PDF', 'a PDF file. Export the table as CSV.'],
  ['{\\rtf', 'a text with formatting (RTF). Save it as plain text in CSV.'],
  ['SQLite format 3', 'an SQLite database. Export the table as CSV.'],
  ['\x89HDF', 'an HDF5 file. Export the table as CSV.'],
  ['$FL2@', 'an SPSS file. Export the table as CSV.'],
  [
    '\xd0\xcf\x11\xe0',
    'a spreadsheet of the old kind (.xls), or one with a password. Save it as .xlsx without a password, or as “CSV UTF-8”.',
  ],
  ['BZh91AY', 'packed with bzip2. Unpack it.'],
  ['\xfd7zXZ', 'packed with xz. Unpack it.'],
  ['\x28\xb5\x2f\xfd', 'packed with zstd. Unpack it.'],
  ['7z\xbc\xaf', 'a 7z archive. Unpack it.'],
  ['Rar!\x1a', 'a RAR archive. Unpack it.'],
  ['\x89PNG', 'a PNG film.'],
  ['\xff\xd8\xff', 'a JPEG film.'],
];

/** Formats of text that are told for films too, with what to do where a table was meant. */
const texts: Readonly<Record<string, string>> = {
  'a Git LFS pointer':
    'only a pointer of Git LFS, which stands in for the table. Fetch the table itself with “git lfs pull”.',
  'a git-annex pointer':
    'only a pointer of git-annex, which stands in for the table. Fetch the table itself with “git annex get”.',
  'a web page':
    'a web page, often the login page of a download. Download the table again after logging in; if a program wrote it, save it as CSV.',
};

/** What the beginning of a text tells besides; programs write HTML tables that are no whole page. */
const beginnings: readonly (readonly [beginning: RegExp, what: string])[] = [
  [/^<(table|body|script|meta)\b/i, texts['a web page']!],
  [/^<\?xml/i, 'an XML file. Save the table as CSV.'],
  [/^(\{\s*"|\[\s*[[{])/, 'a JSON file. Save the table as CSV.'],
];

/** What a file is if its beginning is not that of a table, as “a PDF file. Export the table as CSV.”; null when nothing speaks against it. */
export function foreignKind(bytes: Uint8Array): string | null {
  const known = marks.find(([mark]) => beginsWith(bytes, codesOf(mark)));
  if (known) return known[1];
  const told = texts[foreignFormat(bytes) ?? ''];
  if (told !== undefined) return told;
  const text = new TextDecoder().decode(bytes.subarray(0, 300)).trimStart();
  return beginnings.find(([beginning]) => beginning.test(text))?.[1] ?? null;
}

const spreadsheetAdvice = 'Save it as .xlsx or as “CSV UTF-8”.';

/** Endings of tables that are not read, with what to do. */
const unread: Readonly<Record<string, string>> = {
  xls: spreadsheetAdvice,
  xlsb: spreadsheetAdvice,
  ods: spreadsheetAdvice,
  fods: spreadsheetAdvice,
  numbers: spreadsheetAdvice,
  gsheet: 'It is only a link to a sheet on the web. Download the sheet as .xlsx or as CSV.',
  parquet: 'Save it as CSV.',
  feather: 'Save it as CSV.',
  arrow: 'Save it as CSV.',
  json: 'Save the table as CSV.',
  jsonl: 'Save the table as CSV.',
  ndjson: 'Save the table as CSV.',
  xml: 'Save the table as CSV.',
  sav: 'Export it from SPSS as CSV.',
  dta: 'Export it from Stata as CSV.',
  sas7bdat: 'Export it from SAS as CSV.',
  rds: 'Write it from R with write.csv.',
  rdata: 'Write it from R with write.csv.',
  pkl: 'Write it from pandas with to_csv.',
  pickle: 'Write it from pandas with to_csv.',
  h5: 'Export the table as CSV.',
  hdf5: 'Export the table as CSV.',
  sqlite: 'Export the table as CSV.',
  db: 'Export the table as CSV.',
  mdb: 'Export the table as CSV.',
  accdb: 'Export the table as CSV.',
};

/** The sentence about a file that holds a table by its name, in a form that is not read; null for all other files. */
export function unreadTable(path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (name.startsWith('.') || name.startsWith('~$')) return null;
  if (
    /\.(csv|tsv|tab|xlsx|xlsm)\.(zip|7z|rar|tar|tgz|bz2|xz|zst|tar\.gz)$/.test(name) ||
    /\.xlsx\.gz$/.test(name)
  )
    return 'Packed tables other than .csv.gz and .tsv.gz are not read. Unpack it.';
  const ending = name.slice(name.lastIndexOf('.') + 1).replace(/^gz$/, name.split('.').at(-2) ?? '');
  if (!name.includes('.') || !Object.hasOwn(unread, ending)) return null;
  return `Tables in .${ending} are not read. ${unread[ending]!}`;
}

function codesOf(letters: string): number[] {
  return [...letters].map((letter) => letter.charCodeAt(0));
}
