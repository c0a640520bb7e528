/** What holds of every file of a study, whatever is in it: a file that is added to the registry is tested here too. */
import { describe, expect, test } from 'vitest';
import { downloadControl, studyFileNames, studyFiles } from '../../src/exports/registry.ts';
import type { StudyExport } from '../../src/exports/study-export.ts';
import { study } from './study-fixture.ts';

async function written(name: (typeof studyFileNames)[number], of: StudyExport): Promise<string> {
  const write = await studyFiles[name].writer();
  return [...write(of)].join('');
}

const types: Readonly<Record<string, RegExp>> = {
  json: /^application\/json/,
  csv: /^text\/csv/,
  html: /^text\/html/,
};

test('each file has a control of its own', () => {
  expect(new Set(studyFileNames.map(downloadControl)).size).toBe(studyFileNames.length);
  expect(downloadControl('results.json')).toBe('download-results');
});

describe.each(studyFileNames)('%s', (name) => {
  test('has the type of its ending, and says what it holds', () => {
    expect(studyFiles[name].type).toMatch(types[name.split('.').at(-1)!]!);
    expect(studyFiles[name].holds).toMatch(/^[A-Z].*\.$/);
  });

  test('is the same twice', async () => {
    expect(await written(name, study)).toBe(await written(name, study));
  });

  test('names the study’s label and encoders', async () => {
    const text = await written(name, study);
    for (const word of ['effusion', ...study.findings.config.imageEncoders.map((encoder) => encoder.name)])
      expect(text).toContain(word);
  });

  test('holds no report and no number that is not one', async () => {
    const marked = 'a sentence that only a report says';
    const rows = study.rows.map((row) => ({ ...row, report: marked }));
    const text = await written(name, { ...study, rows });
    expect(text).not.toContain(marked);
    expect(text).not.toMatch(/\b(NaN|Infinity|\[object Object\])\b/);
  });
});
