/** The whole job, as `npm run study` does it: folder or synthetic cohort in, files out, nothing to anywhere else. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { repositoryRoot } from '../../src/cli/repository.ts';
import { readOptions, runStudy, type StudyRun } from '../../src/cli/study.ts';

const covidFolder = join(repositoryRoot, '..', 'shared', 'data', 'covid-cxr');

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'reading-room-out-'));
});
afterEach(() => rmSync(out, { recursive: true }));

const study = (...words: readonly string[]): Promise<StudyRun> =>
  runStudy(readOptions([...words, '--smoke', '--quiet', '--out', out]), new AbortController().signal);

// One label each: what the arms do is the same for every label.
test('the synthetic cohort, from nothing to a report', async () => {
  const run = await study('--labels', 'icu_admission_7d');
  expectWholeStudy(run);
  expect(run.results!.cohort.splitOrigin.kind).toBe('seeded');
});

test('a folder of films and reports', async (context) => {
  context.skip(!existsSync(covidFolder), 'the folder ../shared/data/covid-cxr is not there');
  const run = await study('--cohort', covidFolder, '--labels', 'st_in_icu');
  expectWholeStudy(run);
  expect([...new Set(run.results!.runs.map(({ label }) => label))]).toEqual(['st_in_icu']);
});

function expectWholeStudy({ phase, line, results, pageErrors, foreignRequests }: StudyRun): void {
  expect(phase, line).toBe('finished');
  expect(pageErrors).toEqual([]);
  expect(foreignRequests).toEqual([]);
  expect(results!.finished).toBe(true);
  const { cohort, runs, films, labelNames, comparisons, config } = results!;
  expect(runs.length).toBeGreaterThan(0);
  // Every arm has a chosen run for each of its conditions and seeds, and patients stay on their side of the split.
  for (const arm of config.arms)
    expect(
      runs.some(({ method, chosen }) => method === arm && chosen),
      arm,
    ).toBe(true);
  const sideOf = new Map<string, string>();
  for (const { patientId, split } of films) {
    expect(sideOf.get(patientId) ?? split).toBe(split);
    sideOf.set(patientId, split);
  }
  for (const { label, predictions } of runs) {
    const column = labelNames.indexOf(label);
    expect(predictions).toHaveLength(films.length);
    predictions.forEach((probability, i) => {
      if (films[i]!.labels[column] === null) return expect(probability).toBeNull();
      expect(probability).toBeGreaterThanOrEqual(0);
      expect(probability).toBeLessThanOrEqual(1);
    });
  }
  expect(cohort.splits.train.images + cohort.splits.validation.images + cohort.splits.test.images).toBe(
    cohort.images,
  );
  expect(
    comparisons.some(({ comparedTo, verdict }) => comparedTo === 'baseline' && verdict !== undefined),
  ).toBe(true);
  expect(readFileSync(join(out, 'findings.csv'), 'utf8')).toMatch(/^kind,label,arm,/);
  expect(readFileSync(join(out, 'report.html'), 'utf8')).not.toMatch(/<script|unfinished"/);
}
