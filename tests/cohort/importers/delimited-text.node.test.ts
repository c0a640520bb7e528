/**
 * Records against PapaParse, where a text keeps to RFC 4180, and against what was written, where it does not.
 */
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { RecordReader, type Dialect, type TextRecord } from '../../../src/cohort/importers/delimited-text.ts';

function recordsOf(text: string, dialect: Dialect): TextRecord[] {
  const reader = new RecordReader(text, dialect);
  const records: TextRecord[] = [];
  for (let record = reader.next(); record; record = reader.next()) records.push(record);
  return records;
}

/** Letters that tables are sensitive to, but nothing that trimming takes away at a cell's end. */
const cell = fc
  .string({ unit: fc.constantFrom('a', '7', ',', ';', '\t', '|', '"', '\n', "'", '\\', 'ö', ' ') })
  .map((text) => text.trim())
  // Written bare, Excel's way to keep digits as text is undone here and not there.
  .filter((text) => !text.startsWith('='));
const grid = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 8 }))
  .chain(([width, height]) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
      minLength: height,
      maxLength: height,
    }),
  );
const delimiter = fc.constantFrom(',', ';', '\t', '|');

describe('records', () => {
  it('are those that PapaParse reads, with the line on which each begins', () => {
    const written = fc.record({
      cells: grid,
      delimiter,
      newline: fc.constantFrom('\n', '\r\n', '\r'),
      quotes: fc.boolean(),
    });
    fc.assert(
      fc.property(written, ({ cells, ...options }) => {
        const text = Papa.unparse(cells, options) + options.newline;
        // PapaParse counts an empty record after the last line end.
        const theirs = Papa.parse<string[]>(text, options).data.slice(0, -1);
        const ours = recordsOf(text, { delimiter: options.delimiter, backslash: false });
        expect(ours.map((record) => record.cells)).toEqual(theirs);
        let line = 1;
        for (const [i, record] of ours.entries()) {
          expect(record).toMatchObject({ number: i + 1, line, fault: null });
          line += 1 + theirs[i]!.join('').split('\n').length - 1;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are what was written with backslashes and mixed line ends', () => {
    const ends = fc.array(fc.constantFrom('\n', '\r\n', '\r'), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(grid, ends, delimiter, (cells, newlines, between) => {
        const quoted = (text: string): string =>
          `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', newlines[0]!)}"`;
        // A lone LF after a lone CR would be one end of a line.
        const text = cells.map((row, i) => row.map(quoted).join(between) + newlines[i]!).join('');
        expect(
          recordsOf(text, { delimiter: between, backslash: true }).map((record) => record.cells),
        ).toEqual(cells);
      }),
    );
  });

  it('cover any text, line by line where it is broken, and none is lost', () => {
    const unit = fc.constantFrom('a', ',', '"', '\n', '\r', ' ', '\\', '""', ',"', '",');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), fc.boolean(), (text, backslash) => {
        let end = 0;
        let line = 1;
        for (const record of recordsOf(text, { delimiter: ',', backslash })) {
          expect(record.end).toBeGreaterThan(end);
          const part = text.slice(end, record.end);
          expect(record.line).toBe(line);
          expect(part.match(/\r\n?|\n/g)?.length ?? 0).toBeGreaterThanOrEqual(record.lines - 1);
          if (record.fault) expect(record.lines).toBe(1);
          end = record.end;
          line += record.lines;
        }
        expect(end).toBeGreaterThanOrEqual(text.length);
      }),
      { numRuns: 1000 },
    );
  });
});
