/** The whole job, as `npm run study` does it: folder or synthetic cohort in, files out, nothing to anywhere else. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Progress } from '../../src/cli/progress-line.ts';
import { readResults } from '../../src/exports/read-results.ts';
import type { ResultsFile } from '../../src/exports/results-json.ts';
import { repositoryRoot } from '../../src/cli/repository.ts';
import { runStudy, type StudyRun } from '../../src/cli/study.ts';
import { readOptions } from '../../src/cli/study-options.ts';

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
  expect([...new Set(wholeResults().runs.map(({ label }) => label))]).toEqual(['st_in_icu']);
});

test('a study that was interrupted goes on in its kept profile, and its files can be written again', async () => {
  const profile = join(out, 'profile');
  const words = ['--labels', 'icu_admission_7d', '--smoke', '--out', out, '--profile', profile];
  const interruption = new AbortController();
  const lines: string[] = [];
  const progress: Progress = {
    say: (line) => lines.push(line),
    show: (line) => {
      // Some of its runs are done by then.
      if (/^Training: [3-9] of/.test(line)) interruption.abort();
    },
    end: () => undefined,
  };
  const start = (signal: AbortSignal): Promise<StudyRun> => runStudy(readOptions(words), signal, progress);
  const whole = new AbortController().signal;
  await expect(start(interruption.signal)).rejects.toThrow('interrupted');
  const run = await start(whole);
  expectWholeStudy(run);
  const { runs, comparisons } = wholeResults();
  await start(whole);
  const said = lines.join('\n');
  expect(said).toMatch(/Going on with the cohort/);
  const [resumed, finished] = [...said.matchAll(/(\d+) of (\d+) runs of the study/g)];
  expect(Number(resumed![1])).toBeLessThan(Number(resumed![2]));
  expect(finished![1]).toBe(finished![2]);
  expect(wholeResults()).toMatchObject({ runs, comparisons });
  words.push('--seed', '7');
  await expect(start(whole)).rejects.toThrow('holds another cohort');
});

/** All of results.json, of which a run hands on the head. */
function wholeResults(): ResultsFile {
  return readResults(readFileSync(join(out, 'results.json'), 'utf8'));
}

function expectWholeStudy({ phase, line, results, pageErrors, foreignRequests }: StudyRun): void {
  expect(phase, line).toBe('finished');
  expect(pageErrors).toEqual([]);
  expect(foreignRequests).toEqual([]);
  expect(results!.finished).toBe(true);
  const { cohort, runs, films, labelNames, comparisons, config } = wholeResults();
  expect(runs.length).toBeGreaterThan(0);
  // Every arm has a chosen run for each of its conditions and seeds, and patients stay on their side of the split.
  for (const arm of config.arms)
    expect(
      runs.some((run) => run.arm === arm && run.chosen),
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
