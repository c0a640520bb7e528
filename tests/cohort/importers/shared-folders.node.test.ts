/**
 * Real folders must be understood without any correction. They lie outside of the project and are skipped where they are absent.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeImagesCsv } from '../../../src/cohort/importers/images-csv.ts';
import type { FolderFile } from '../../../src/cohort/importers/importer.ts';

const shared = fileURLToPath(new URL('../../../../shared/data', import.meta.url));

/** Films are not decoded in Node: their bytes stay out, and the thumbnail is a stand-in that no expectation looks at. */
const importer = makeImagesCsv(() => Promise.resolve({ side: 1, pixels: new Uint8Array(1) }));

function folder(name: string): FolderFile[] {
  return readdirSync(`${shared}/${name}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = `${entry.parentPath}/${entry.name}`;
      const content = /\.png$/.test(path) ? 'film' : readFileSync(path);
      return {
        path: `${name}/${path.slice(shared.length + name.length + 2)}`,
        file: new File([content], entry.name),
      };
    });
}

// Real folders are read where they are; they are too large and not ours to keep here.
describe.skipIf(!existsSync(`${shared}/covid-cxr`))('covid-cxr (skipped where ../shared is absent)', () => {
  it('is understood without correction', async () => {
    const survey = await importer.survey(folder('covid-cxr'), null);
    expect(survey.mapping).toMatchObject({
      tablePath: 'covid-cxr/labels.csv',
      imageColumn: 'image',
      patientColumn: 'patient_id',
      reportColumn: 'report',
      reportIs: 'file',
      splitColumn: null,
    });
    expect([...survey.mapping.groupColumns].sort()).toEqual(['age', 'sex', 'view']);
    expect(survey.mapping.labelColumns).toHaveLength(14);
    for (const label of survey.mapping.labelColumns) expect(label).toMatch(/^(dx|pg|st)_/);
    expect(survey).toMatchObject({
      tableRows: 131,
      images: 131,
      usableRows: 131,
      patients: 80,
      reports: 131,
    });
    expect(survey.problems.filter(({ severity }) => severity === 'refused')).toEqual([]);
    expect(survey.preview).toHaveLength(5);
    expect(survey.preview.every(({ report }) => report.length > 20)).toBe(true);
  });

  it('gives the labels of the table, counted by plain string comparison', async () => {
    const files = folder('covid-cxr');
    const { mapping } = await importer.survey(files, null);
    const { films, problems } = await importer.find(files, mapping);
    // dx_covid19 and dx_ards hold no commas before them but in the quoted date, which this reading of the lines respects.
    const lines = readFileSync(`${shared}/covid-cxr/labels.csv`, 'utf8').trim().split(/\r?\n/).slice(1);
    const cells = lines.map((line) =>
      line.match(/("[^"]*"|[^,]*)(,|$)/g)!.map((cell) => cell.replace(/,$/, '')),
    );
    const [covid, ards] = [
      mapping.labelColumns.indexOf('dx_covid19'),
      mapping.labelColumns.indexOf('dx_ards'),
    ];
    expect(films.map(({ labels }) => labels[covid])).toEqual(
      cells.map((row) => (row[11] === '' ? null : Number(row[11]))),
    );
    expect(films.map(({ labels }) => labels[ards])).toEqual(
      cells.map((row) => (row[16] === '' ? null : Number(row[16]))),
    );
    expect(films.every(({ report }) => report.length > 0)).toBe(true);
    expect(problems.filter(({ severity }) => severity === 'refused')).toEqual([]);
  });
});

// Real folders are read where they are; they are too large and not ours to keep here.
describe.skipIf(!existsSync(`${shared}/hannover`))('hannover (skipped where ../shared is absent)', () => {
  it('imports without reports', async () => {
    const files = folder('hannover');
    const survey = await importer.survey(files, null);
    expect(survey).toMatchObject({ usableRows: 163, patients: 46, reports: 0 });
    expect([...survey.mapping.labelColumns].sort()).toEqual(
      ['pg_died', 'pg_died_14d', 'pg_icu_ever', 'pg_icu_later', 'st_in_icu'].sort(),
    );
    const { films, problems } = await importer.find(files, survey.mapping);
    expect(films).toHaveLength(163);
    expect(problems.map(({ reason }) => reason)).toEqual([expect.stringContaining('No reports were found')]);
  });
});
