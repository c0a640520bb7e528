/** report.html of a study in which everything is there, and of one in which nothing is defined, against what its reader is promised. */
import { describe, expect, test } from 'vitest';
import { claim } from '../../src/exports/checklists/claim.ts';
import { fillChecklist } from '../../src/exports/checklists/checklist.ts';
import { tripodAi } from '../../src/exports/checklists/tripod-ai.ts';
import { reportHtml } from '../../src/exports/report-html.ts';
import { arms } from '../../src/study/arms/registry.ts';
import type { Comparison, Estimate } from '../../src/study/findings/findings.ts';
import { fullStudy } from './full-study.ts';
import { study as bareStudy } from './study-fixture.ts';

const study = fullStudy();
const page = reportHtml(study);

/** Names of tags in order, closing ones with a slash; throws at the first that closes another than the last opened. */
function tagsOf(markup: string): string[] {
  const open: string[] = [];
  const selfClosing = /^(?:meta|br)$/;
  const tags = [
    ...markup
      .replace(/<!doctype html>/i, '')
      .matchAll(/<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z][\w-]*="[^"<>]*")*)\s*(\/?)>|</g),
  ];
  for (const [whole, slash, name, , ends] of tags) {
    if (name === undefined)
      throw new Error(`"<" that begins no tag: ${markup.slice(markup.indexOf(whole), 40)}`);
    if (slash) {
      const last = open.pop();
      if (last !== name) throw new Error(`</${name}> closes <${last ?? 'nothing'}>`);
    } else if (!ends && !selfClosing.test(name)) open.push(name);
  }
  if (open.length > 0) throw new Error(`left open: ${open.join(', ')}`);
  return tags.map(([, slash, name]) => `${slash}${name}`);
}

/** The words of each row of each table. */
function rowsOf(markup: string): string[][] {
  return [...markup.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row]) =>
    [...row!.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell]) =>
      cell!
        .replace(/<[^>]*>/g, '')
        .replace(/\s+/g, ' ')
        .replaceAll('&lt;', '<')
        .trim(),
    ),
  );
}

const digits = (value: number): string =>
  value
    .toFixed(3)
    .replace(/^-(?=.*[1-9])/, '−')
    .replace('-', '');
const withSign = (value: number): string =>
  Number(value.toFixed(3)) > 0 ? `+${digits(value)}` : digits(value);
const inWords = ({ value, low, high }: Estimate, print = digits): string =>
  value === null ? 'undefined' : `${print(value)} (${print(low!)} to ${print(high!)})`;

describe('the page', () => {
  test.each([
    ['full', page],
    ['bare', reportHtml(bareStudy)],
  ])('%s: is well formed', (_, markup) => expect(() => tagsOf(markup)).not.toThrow());

  test('loads nothing, runs nothing, and holds no report', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|<object|<embed|@import|url\(|https?:\/\/|\bsrc=/i);
    expect(page).not.toMatch(/<[^>]+\son\w+=/i);
    expect(page).not.toContain('SECRET REPORT');
  });

  test('hostile names change no tag', () => {
    const hostile = '<img src=x onerror="alert(1)">\'&';
    // Of the same length, because long text is broken over lines and short text is not.
    const harmless = 'm'.repeat(hostile.length);
    const named = (name: string): string =>
      reportHtml(fullStudy({ label: name, recipe: `${name}2`, group: name, encoder: name }));
    expect(named(hostile)).not.toContain('<img');
    expect(tagsOf(named(hostile))).toEqual(tagsOf(named(harmless)));
  });

  test('has its sections in order', () => {
    const ids = [...page.matchAll(/<h2 id="(\w+)"/g)].map(([, id]) => id);
    expect(ids).toEqual([
      'findings',
      'why',
      'results',
      'pretraining',
      'methods',
      'cohort',
      'checklists',
      'limits',
      'configuration',
    ]);
    for (const id of ids) expect(page).toContain(`href="#${id}"`);
  });

  test('holds the whole configuration', () => {
    const text = /<summary>The whole configuration[^]*?<pre>([^]*?)<\/pre>/.exec(page)![1]!;
    const plain = text
      .replaceAll('&quot;', '"')
      .replaceAll('&gt;', '>')
      .replaceAll('&lt;', '<')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');
    expect(JSON.parse(plain)).toEqual(study.findings.config);
  });
});

describe('tables', () => {
  const rows = rowsOf(page);

  test('every metric of every cell stands in a row with its arm and size', () => {
    for (const cell of study.findings.cells) {
      const metrics = Object.values(cell.metrics).map((one) => inWords(one));
      const wanted = [
        arms[cell.arm].label,
        String(cell.trainingPatients),
        '178 (54), 120',
        ...metrics,
        '0.011',
        '2',
        '6',
      ];
      expect(rows).toContainEqual(wanted);
    }
  });

  test('every difference stands in a row with its tests', () => {
    for (const one of study.findings.comparisons) {
      const { low, high } = one.acrossSeeds!;
      const row = rows.find(
        (cells) => cells.includes(inWords(one.difference, withSign)) && cells.length === 10,
      )!;
      expect(row[7]).toMatch(new RegExp(`^\\${withSign(low)} to \\${withSign(high)}, p [<=] 0\\.\\d{3}$`));
      expect(row.slice(-1)).toEqual(['±0.034']);
    }
  });

  test('prevalence and missing values by side, by hand', () => {
    expect(rows).toContainEqual([
      'effusion',
      '4 of 9 (44.4 %), 1 missing',
      '3 of 5 (60.0 %), 1 missing',
      '1 of 2 (50.0 %), 0 missing',
      '0 of 2 (0.0 %), 0 missing',
    ]);
    expect(rows).toContainEqual(['sex F', '5', '3', '1', '1']);
  });

  test('both gains stand with each verdict', () => {
    for (const { overBaseline, overControl } of study.findings.verdicts)
      expect(
        rows.some(
          (row) =>
            row[4]?.startsWith(inWords(overBaseline.difference, withSign)) &&
            row[5]?.startsWith(inWords(overControl!.difference, withSign)),
        ),
      ).toBe(true);
  });
});

describe('figures', () => {
  const figures = [...page.matchAll(/<svg[^>]*aria-label="([^"]*)"[^]*?<\/svg>/g)];

  test.each([
    'Learning curves.',
    'Paired differences in AUROC.',
    'ROC curves.',
    'Precision-recall curves.',
    'Reliability.',
    'Decision curves.',
    'AUROC by group of test films.',
    'λ × τ on validation patients: Student of image + report, n = all.',
    'Learning curves by pre-training.',
  ])('%s is drawn, and its numbers can be heard', (title) => {
    const drawn = figures.filter(([, alt]) => alt!.startsWith(title));
    expect(drawn.length).toBeGreaterThan(0);
    for (const [, alt] of drawn) expect(alt).toMatch(/\d\.\d{3}/);
  });

  test('the learning curve says the AUROC of each cell', () => {
    const [, alt] = figures.find(([, words]) => words!.startsWith('Learning curves.'))!;
    const cells = study.findings.cells.filter(({ pretraining }) => pretraining === 'none');
    expect(cells.length).toBe(10);
    for (const { metrics } of cells) expect(alt).toContain(inWords(metrics['auroc']!));
  });

  test('no position is anything but a number', () => {
    expect(page).not.toMatch(
      /\s(?:x|y|x1|x2|y1|y2|cx|cy|points|width|height|transform|viewBox|d|fill-opacity)="[^"]*(?:NaN|Infinity|undefined|null)/,
    );
  });

  test('words reach 4.5:1 on both grounds', () => {
    for (const rules of [/:root\{color-scheme[^}]*\}/, /:root\{--text[^}]*\}/]) {
      const css = rules.exec(page)![0];
      const colour = (name: string): number[] => {
        const hex = new RegExp(`--${name}:#([0-9a-f]+)`).exec(css)![1]!;
        const full = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex;
        return [0, 2, 4].map((i) => parseInt(full.slice(i, i + 2), 16));
      };
      expect(contrast(colour('text'), colour('ground'))).toBeGreaterThan(4.5);
      expect(contrast(colour('soft'), colour('ground'))).toBeGreaterThan(4.5);
      expect(contrast(colour('alarm'), colour('ground'))).toBeGreaterThan(4.5);
      expect(contrast(colour('text'), colour('shade'))).toBeGreaterThan(4.5);
    }
  });
});

describe('what is not known', () => {
  const none: Estimate = { value: null, low: null, high: null };
  const { findings } = study;
  const unmeasured = (one: Comparison): Comparison => ({
    ...one,
    difference: none,
    p: null,
    adjustedP: null,
    delongP: null,
    acrossSeeds: null,
    equivalenceP: null,
    detectableDifference: null,
  });
  const unknown = reportHtml({
    ...study,
    findings: {
      ...findings,
      cells: findings.cells.map((cell) => ({
        ...cell,
        metrics: Object.fromEntries(Object.keys(cell.metrics).map((name) => [name, none])),
        seeds: cell.seeds.map((seed) => ({ ...seed, auroc: null })),
        seedStandardDeviation: null,
        roc: [],
        operatingPoint: null,
        precisionRecall: [],
        calibration: null,
        decisionCurve: [],
        subgroups: cell.subgroups.map((group) => ({ ...group, auroc: none })),
      })),
      comparisons: findings.comparisons.map(unmeasured),
      verdicts: findings.verdicts.map((one) => ({
        ...one,
        overBaseline: unmeasured(one.overBaseline),
        overControl: null,
        sentence: '',
      })),
      pretrainingVerdicts: findings.pretrainingVerdicts.map((one) => ({
        ...one,
        overNone: unmeasured(one.overNone),
      })),
      grids: findings.grids.map((grid) => ({
        ...grid,
        candidates: grid.candidates.map((one) => ({
          ...one,
          validationAuroc: null,
          standardDeviation: null,
        })),
      })),
      diagnoses: findings.diagnoses.map((one) => ({
        ...one,
        textOnly: null,
        ceiling: null,
        gap: null,
        taught: null,
        stated: null,
        words: [],
      })),
    },
  });

  test('is said so in every table, never as 0', () => {
    const rows = rowsOf(unknown).filter((row) => row[2] === '178 (54), 120');
    expect(rows.length).toBe(findings.cells.length);
    for (const row of rows) expect(row.slice(3, 8)).toEqual(Array.from({ length: 5 }, () => 'undefined'));
    expect(rowsOf(unknown)).toContainEqual([
      'Student of image + report',
      'n = 50',
      'image-only baseline',
      ...Array.from({ length: 7 }, () => 'undefined'),
    ]);
    expect(unknown).not.toMatch(/NaN|\[object|>null<|\b0\.000\b/);
  });

  test('what was not run is said to be so', () => {
    expect(rowsOf(unknown)).toContainEqual([
      'effusion',
      'the report knows more than the image-only model learned from the film',
      'linear probe, resnet, n = 50',
      'not run',
      'not run',
      'not run',
    ]);
  });

  test('figures say why they are not there', () => {
    expect(() => tagsOf(unknown)).not.toThrow();
    const drawn = [...unknown.matchAll(/<svg[^>]*aria-label="([^":]*)/g)].map(([, title]) => title!);
    expect(drawn.every((title) => title.startsWith('λ × τ'))).toBe(true);
    expect(unknown).toContain('AUROC is not defined on these test patients.');
  });
});

describe('checklists', () => {
  const parts = (number: number, letters: string): string[] =>
    [...letters].map((letter) => `${number}${letter}`);

  test('TRIPOD+AI has its 27 items with all their parts, in order', () => {
    const withParts: Readonly<Record<number, string>> = {
      3: 'abc',
      5: 'ab',
      6: 'abc',
      8: 'abc',
      9: 'abc',
      12: 'abcdefg',
      18: 'abcdef',
      20: 'abc',
      23: 'ab',
      27: 'abc',
    };
    const wanted = Array.from({ length: 27 }, (_, i) => i + 1).flatMap((number) =>
      withParts[number] ? parts(number, withParts[number]) : [String(number)],
    );
    expect(tripodAi.items.map(({ number }) => number)).toEqual(wanted);
    expect(wanted.length).toBe(52);
  });

  test('CLAIM has its 44 items, in order', () => {
    expect(claim.items.map(({ number }) => Number(number))).toEqual(
      Array.from({ length: 44 }, (_, i) => i + 1),
    );
  });

  test.each([tripodAi, claim])('$name: what the study cannot know is left to the authors', (list) => {
    const { items, whole, part } = fillChecklist(list, study);
    const open = items.filter(({ answer }) => answer === null);
    expect(whole + part + open.length).toBe(items.length);
    for (const { subject, asks } of open)
      expect(page, subject).toContain(`To be filled in by the authors: ${asks}.`);
    expect(page).toContain(
      `${whole} of ${items.length} items answered by the study, ${part} more in part, ${open.length} to be filled in by the authors.`,
    );
    for (const { answer } of items) expect(answer?.text ?? 'open').not.toMatch(/undefined|NaN|null/);
    const subjects = open.map(({ subject }) => subject).join();
    for (const word of ['Funding', 'Summary']) expect(subjects).toContain(word);
  });

  test('an answer that findings do not give is not claimed', () => {
    const empty = {
      ...study.findings,
      cells: [],
      comparisons: [],
      verdicts: [],
      pretrainingVerdicts: [],
      diagnoses: [],
    };
    const open = (list: typeof claim): string[] =>
      fillChecklist(list, { ...study, findings: empty })
        .items.filter(({ answer }) => answer === null)
        .map(({ number }) => number);
    expect(open(claim)).toEqual(expect.arrayContaining(['21', '31', '37', '38', '39']));
    expect(open(tripodAi)).toEqual(expect.arrayContaining(['10', '14', '23a', '25']));
  });
});

/** WCAG 2's contrast of two colours of three channels in [0, 255]. */
function contrast(one: readonly number[], other: readonly number[]): number {
  const luminance = (colour: readonly number[]): number => {
    const [r, g, b] = colour.map((c) =>
      c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const [dark, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright! + 0.05) / (dark! + 0.05);
}
