/**
 * Packed tables in the browser, whose unpacking is its own.
 */
import { writeXlsx } from 'hucre/xlsx';
import { expect, it } from 'vitest';
import { readTable } from '../../src/cohort/importers/table.ts';
import { browserCases } from '../fixtures/browser-cases.ts';

it('a table packed with gzip is read; cut short, it is refused by its name', async () => {
  const cases = await browserCases('21-compressed-tables');
  expect(cases.length).toBeGreaterThan(0);
  for (const { files } of cases) {
    const { path, bytes } = files.find((file) => file.path.endsWith('.gz'))!;
    const { rows } = await readTable({ path, file: new File([bytes], path) });
    expect(rows.map(({ cells }) => cells[0])).toEqual([0, 1, 2, 3, 4, 5].map((i) => `aa${i}-bb`));
    const cut = new File([bytes.slice(0, bytes.length - 20)], path);
    await expect(readTable({ path, file: cut })).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(/cannot be unpacked/) as string,
    });
  }
});

it('a spreadsheet is read', async () => {
  const rows = [
    ['image', 'patient', 'dx'],
    ['f0.png', '0042', 1],
    ['f1.png', '0043', 0],
  ];
  const bytes = new Uint8Array(await writeXlsx({ sheets: [{ name: 'S', rows }] }));
  const table = await readTable({ path: 'labels.xlsx', file: new File([bytes], 'labels.xlsx') });
  expect(table.rows.map(({ cells }) => cells)).toEqual([
    ['f0.png', '0042', '1'],
    ['f1.png', '0043', '0'],
  ]);
});
