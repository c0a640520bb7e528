/** results.json, findings.csv and report.html of a study by hand, against what its reader is promised. */
import * as fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { alignColumns, findingsLines } from '../../src/cli/findings-table.ts';
import { csvCell, findingsCsv } from '../../src/exports/findings-csv.ts';
import { escapeHtml, html } from '../../src/exports/html.ts';
import { logistic } from '../../src/exports/labelled-predictions.ts';
import { measureRunWith } from '../../src/exports/measure-run.ts';
import { reportHtml } from '../../src/exports/report-html.ts';
import { headOfResults, readResults } from '../../src/exports/read-results.ts';
import { resultsJson, type ResultsFile } from '../../src/exports/results-json.ts';
import type { StudyExport } from '../../src/exports/study-export.ts';
import { label, study } from './study-fixture.ts';

const measured = { auroc: { value: 0.5, low: 0.4, high: 0.6 } };
const read = (of: StudyExport): ResultsFile => readResults([...resultsJson(of, () => measured)].join(''));
const results = read(study);

const acrossSeeds = {
  ...study.findings.comparisons[0]!,
  acrossSeeds: { low: -0.02, high: 0.08, p: 0.2 },
  equivalenceP: 0.6,
  detectableDifference: 0.07,
};

describe('results.json', () => {
  test('a run that two arms use stands there for each; a run without a result does not', () => {
    expect(results.runs.map(({ id, arm }) => `${id} ${arm}`)).toEqual([
      'base imageOnly',
      'base selfDistilled',
      'stud student',
    ]);
  });

  test('a run is chosen for the arm whose cell names it, and only then measured', () => {
    expect(results.runs.map(({ chosen }) => chosen)).toEqual([true, false, true]);
    expect(results.runs.map(({ metrics }) => metrics)).toEqual([measured, {}, measured]);
  });

  test('films of test and validation carry patient, side and truth; none of training is there', () => {
    expect(results.labelNames).toEqual(['other', label]);
    expect(results.films.map(({ imageId, patientId, split }) => [imageId, patientId, split])).toEqual([
      ['film-1.png', 'p2', 'validation'],
      ['film-2.png', 'p3', 'test'],
      ['film-3.png', 'p3', 'test'],
    ]);
    expect(results.films.map(({ labels }) => labels[1])).toEqual([0, 1, null]);
  });

  test('predictions stand in the order of films; null where the label is not known', () => {
    // logit ln 3 is probability 3/4
    expect(results.runs[2]!.predictions).toEqual([0.5, 0.75, null]);
  });

  test('the kernels that ran stand with each run, and null where nobody chose', () => {
    expect(results.runs.map(({ kernels }) => kernels)).toContainEqual({ 'matmul large NN': 'tiled 64x64' });
    expect(results.runs.map(({ kernels }) => kernels)).toContain(null);
  });

  test('the settings of a run are named', () => {
    const { lambda, tau, weightDecay, encoder, trainingSize, seed, tuning, pretraining } = results.runs[2]!;
    expect({ lambda, tau, weightDecay, encoder, trainingSize, seed, tuning, pretraining }).toEqual({
      lambda: 0.5,
      tau: 2,
      weightDecay: 0.1,
      encoder: 'resnet',
      trainingSize: 'all',
      seed: 1,
      tuning: 'linearProbe',
      pretraining: 'none',
    });
  });

  test('the verdict stands with the comparison to the baseline only', () => {
    expect(results.comparisons.map(({ verdict }) => verdict)).toEqual(['cannotTell', undefined]);
  });

  test('the cohort is counted', () => {
    expect(results.cohort).toMatchObject({
      images: 4,
      patients: 3,
      splits: { test: { images: 2, patients: 1 } },
      labels: {
        [label]: { positives: 2, negatives: 1, missing: 1, test: { positives: 1, negatives: 0, missing: 1 } },
        other: { missing: 4 },
      },
    });
  });

  test('an unfinished study says so, no report is in the file, and it reads back', () => {
    const text = [...resultsJson(study, () => measured)].join('');
    expect(results.finished).toBe(false);
    expect(text).not.toContain('SECRET REPORT');
  });

  test('comes in parts of a run at most, and its head can be read without its lists', () => {
    const parts = [...resultsJson(study, () => measured)];
    expect(parts.filter((part) => part.includes('"predictions"')).length).toBe(results.runs.length);
    const { films: _films, pretrainings: _pretrainings, runs: _runs, ...head } = results;
    expect(headOfResults(parts.join(''))).toEqual(head);
    const none = { ...study, results: [], rows: [] };
    expect(read(none)).toMatchObject({ films: [], pretrainings: [], runs: [] });
    expect(headOfResults([...resultsJson(none, () => measured)].join('')).config).toEqual(head.config);
  });
});

describe('findings.csv', () => {
  const parsed = Papa.parse<Record<string, string>>(findingsCsv(study.findings), {
    header: true,
    skipEmptyLines: true,
  });

  test('is one table that a CSV reader takes without complaint', () => {
    expect(parsed.errors).toEqual([]);
    expect(parsed.data.map(({ kind }) => kind)).toEqual(['metric', 'metric', 'difference', 'difference']);
  });

  test('numbers stand as they are, what is not defined is said', () => {
    expect(parsed.data[2]).toMatchObject({
      value: '0.031',
      low: '-0.01',
      p: '0.0004',
      delongP: 'undefined',
      verdict: 'cannotTell',
    });
    expect(parsed.data[1]!['value']).toBe('undefined');
  });

  test('a difference carries what holds across seeds, equivalence and what could have been found', () => {
    const text = findingsCsv({ ...study.findings, comparisons: [acrossSeeds] });
    const row = Papa.parse<Record<string, string>>(text, { header: true }).data.find(
      (r) => r['kind'] === 'difference',
    );
    expect(row).toMatchObject({
      acrossSeedsLow: '-0.02',
      acrossSeedsHigh: '0.08',
      acrossSeedsP: '0.2',
      equivalenceP: '0.6',
      detectableDifference: '0.07',
      rarerClassPatients: String(acrossSeeds.rarerClassPatients),
    });
    expect(parsed.data[2]).toMatchObject({ acrossSeedsLow: 'undefined', detectableDifference: 'undefined' });
  });

  test('a grid has a row for each candidate, with what validation patients said of it', () => {
    const { tuning, pretraining, imageEncoder, trainingSize } = study.findings.cells[0]!;
    const grid = {
      label,
      arm: 'student',
      ...{ tuning, pretraining, imageEncoder, trainingSize },
      candidates: [
        {
          lambda: 0.5,
          temperature: 3,
          validationAuroc: 0.71,
          standardDeviation: 0.02,
          chosenBy: 2,
          seeds: 3,
        },
        {
          lambda: 1,
          temperature: 3,
          validationAuroc: null,
          standardDeviation: null,
          chosenBy: 1,
          seeds: 3,
        },
      ],
    } as const;
    const { data } = Papa.parse<Record<string, string>>(findingsCsv({ ...study.findings, grids: [grid] }), {
      header: true,
    });
    expect(data.filter(({ kind }) => kind === 'candidate')).toEqual([
      expect.objectContaining({
        ...{ label, arm: 'student', metric: 'validationAuroc', lambda: '0.5', temperature: '3' },
        ...{ value: '0.71', seedStandardDeviation: '0.02', chosenBySeeds: '2' },
      }),
      expect.objectContaining({ lambda: '1', value: 'undefined', chosenBySeeds: '1' }),
    ]);
  });

  test('a diagnosis has a row for each number that was measured, with what the report knows; results.json has it whole', () => {
    const { tuning, pretraining, imageEncoder, trainingSize } = study.findings.cells[0]!;
    const diagnosis = {
      label,
      knowledge: 'knowsSomething',
      sentence: 'It knows something.',
      condition: { label, tuning, pretraining, imageEncoder, trainingSize },
      textOnly: { value: 0.8, low: 0.7, high: 0.9 },
      ceiling: null,
      gap: null,
      taught: null,
      words: [{ word: 'effusion', weight: 2, inPositives: 0.5, inNegatives: 0 }],
      stated: null,
    } as const;
    const findings = { ...study.findings, diagnoses: [diagnosis] };
    const { data } = Papa.parse<Record<string, string>>(findingsCsv(findings), { header: true });
    expect(data.filter(({ kind }) => kind === 'diagnosis')).toEqual([
      expect.objectContaining({
        label,
        metric: 'textOnlyAuroc',
        value: '0.8',
        high: '0.9',
        verdict: 'knowsSomething',
      }),
    ]);
    expect(read({ ...study, findings }).diagnoses).toEqual([diagnosis]);
  });

  test.each(['=1+1', '+1', '-1', '@a', '\tx', '\rx'])('text %j cannot become a formula', (text) => {
    expect(csvCell(text).replace(/^"/, '')).toMatch(/^'/);
  });

  test('a negative number is no formula', () => expect(csvCell(-0.5)).toBe('-0.5'));

  test('any harmless text comes back from a CSV reader', () => {
    const harmless = fc.string().filter((text) => !/^[=+\-@\t\r]/.test(text));
    fc.assert(
      fc.property(harmless, harmless, (a, b) => {
        const { data } = Papa.parse<string[]>(`${csvCell(a)},${csvCell(b)},x`, {
          delimiter: ',',
          newline: '\r\n',
        });
        expect(data).toEqual([[a, b, 'x']]);
      }),
    );
  });
});

describe('report.html', () => {
  const page = reportHtml(study);

  test('loads nothing and runs nothing', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:\/\//i);
    expect(page).toMatch(/^<!doctype html>/i);
  });

  test('escapes what people and files gave', () => {
    expect(page).not.toContain(label);
    expect(page).toContain('&lt;b&gt;effusion&lt;/b&gt;');
    expect(page).toContain('Does &quot;it&quot; help &amp; when?');
  });

  test('says first that the study is not finished, and nothing of it when it is', () => {
    const notice = 'This study is not finished: 2 of 3 runs';
    expect(page.indexOf(notice)).toBeGreaterThan(0);
    expect(page.indexOf(notice)).toBeLessThan(page.indexOf('<h1>'));
    const finished = reportHtml({ ...study, findings: { ...study.findings, runsDone: 3 } });
    expect(finished).not.toContain('not finished');
  });

  test('tells the method, the verdicts and the limits', () => {
    for (const words of [
      '200',
      'bootstrap',
      'Holm',
      'These data cannot tell.',
      'cannot tell',
      'swiftshader',
      'Limits',
      'seed 7',
      'undefined',
    ]) {
      expect(page, words).toContain(words);
    }
    expect(page).not.toMatch(/NaN|\[object|>null</);
  });

  test('draws its figures without a number that is none', () => {
    expect(page.match(/<svg/g)!.length).toBeGreaterThanOrEqual(3);
    expect(page).not.toMatch(
      /(?:x|y|x1|x2|y1|y2|cx|cy|points|width|height)="[^"]*(?:NaN|Infinity|undefined)/,
    );
  });
});

describe('metrics of a run', () => {
  const side = (labels: readonly (0 | 1)[], probabilities: readonly number[]) => ({
    imageIds: labels.map((_, i) => `f${i}`),
    patientIds: labels.map((_, i) => `p${i}`),
    labels,
    probabilities,
  });
  const measure = measureRunWith(study.findings.config.statistics);

  test('AUROC by hand: three of four pairs in order, and an interval around it', () => {
    const labels = [0, 0, 1, 1] as const;
    const { auroc } = measure(side(labels, [0.1, 0.6, 0.5, 0.9]), side(labels, [0.1, 0.2, 0.8, 0.9]));
    expect(auroc!.value).toBe(0.75);
    expect(auroc!.low!).toBeLessThanOrEqual(0.75);
    expect(auroc!.high!).toBeGreaterThanOrEqual(0.75);
  });

  test('the threshold comes from validation', () => {
    // Youden on validation chooses 0.8, so the test film at 0.7 is called negative.
    const { sensitivity } = measure(side([0, 1, 1], [0.1, 0.7, 0.9]), side([0, 0, 1], [0.1, 0.75, 0.8]));
    expect(sensitivity!.value).toBe(0.5);
  });

  test('one class only: undefined, not a number', () => {
    const { auroc } = measure(side([1, 1], [0.4, 0.6]), side([1], [0.5]));
    expect(auroc).toEqual({ value: null, low: null, high: null });
  });

  test('no film, no metric', () => expect(measure(side([], []), side([], []))).toEqual({}));
});

describe('markup and probabilities', () => {
  test('markup is kept, text is escaped, lists are joined', () => {
    expect(html`<p>${['<', html`<i>${'&'}</i>`]}</p>`.text).toBe('<p>&lt;<i>&amp;</i></p>');
    expect(escapeHtml(`<>&"'`)).toBe('&lt;&gt;&amp;&quot;&#39;');
  });

  test('the logistic function at its ends', () => {
    expect([logistic(0), logistic(1000), logistic(-1000)]).toEqual([0.5, 1, 0]);
  });
});

describe('the terminal', () => {
  test('columns stand under one another', () => {
    expect(
      alignColumns([
        ['a', 'b'],
        ['long', 'c'],
      ]),
    ).toEqual(['a     b', 'long  c']);
  });

  test('an unfinished study is said first; verdicts and answers are printed', () => {
    const lines = findingsLines(results);
    expect(lines[0]).toContain('2 of 3 runs');
    expect(lines.join('\n')).toContain('These data cannot tell.');
    expect(lines.join('\n')).toContain('+0.031 (−0.010 to +0.070)');
    expect(lines.join('\n')).toContain('The label is in the text.');
    const seeds = read({ ...study, findings: { ...study.findings, comparisons: [acrossSeeds] } });
    expect(seeds.comparisons[0]).toMatchObject({ acrossSeeds: { p: 0.2 }, equivalenceP: 0.6 });
    expect(findingsLines(seeds).join('\n')).toMatch(/across seeds .*−0.020 to \+0.080 .*0.600 .*0.070/s);
  });
});
