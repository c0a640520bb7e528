/** Gains twice, averages over axes, and tables as text. Expectations by hand; escaping by properties. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aggregate,
  isBalanced,
  measuredConditions,
  sortGroups,
  type Measured,
} from '../../src/app/findings/aggregate.ts';
import { creditWord, gainHead, gainLines, gainNumbers, gainRows } from '../../src/app/findings/gain-rows.ts';
import { escapeLatex, escapeMarkdown, latexOf, markdownOf } from '../../src/app/findings/table-formats.ts';
import { testReadingSentence } from '../../src/app/findings/test-reading.ts';
import { presets } from '../../src/study/presets/registry.ts';
import { madeUpFindings } from './fake-findings.ts';

const findings = madeUpFindings(presets['demo']!, ['effusion', 'nodule'], 1, 1);

describe('gains', () => {
  const rows = gainRows(findings.comparisons);

  it('stand twice where an arm distils from reports, and say why they do not elsewhere', () => {
    const student = rows.find(({ arm }) => arm === 'student')!;
    expect(student.netOfControl).toMatchObject({ arm: 'student', comparedTo: 'selfDistilled' });
    expect(student.netOfControl!.trainingSize).toBe(student.overBaseline.trainingSize);
    expect(student.netOfControl!.label).toBe(student.label);
    expect(creditWord(student)).toBe('');
    const words = new Map(rows.map((row) => [row.arm, creditWord(row)]));
    expect(words.get('selfDistilled')).toBe('is the control');
    expect(words.get('teacher')).toBe('reads the report at test time');
    expect(creditWord({ ...student, netOfControl: null })).toBe('not measured');
    expect(creditWord({ ...student, arm: 'permutedReports' })).toMatch(/no credit/);
  });

  it('fill every column of their tables', () => {
    for (const line of gainLines(rows)) expect(line).toHaveLength(gainHead('95 % CI').length);
    const [head, ...lines] = gainNumbers(rows);
    for (const line of lines) expect(line).toHaveLength(head!.length);
  });
});

describe('averages', () => {
  const [first] = findings.cells;
  const measured = (label: string, trainingSize: number, value: number | null): Measured => ({
    condition: { ...first!, label, trainingSize },
    estimate: { value, low: value, high: value },
    seeds: trainingSize === 10 ? 2 : 3,
  });
  const all = [
    measured('a', 10, 0.6),
    measured('a', 20, 0.8),
    measured('b', 10, 0.9),
    measured('b', 20, null),
    measured('c', 20, null),
  ];

  it('are means of what is defined, with range and counts', () => {
    const groups = aggregate(all, ['label']);
    expect(groups.map(({ mean }) => mean)).toEqual([expect.closeTo(0.7, 12), 0.9, null]);
    expect(groups[0]).toMatchObject({ low: 0.6, high: 0.8, defined: 2, seeds: [2, 3] });
    expect(groups[1]).toMatchObject({ low: 0.9, high: 0.9, defined: 1 });
    expect(groups[1]!.members).toHaveLength(2);
    expect(aggregate(all, [])).toHaveLength(1);
  });

  it('are sorted by any column, what is undefined last either way, sizes as numbers', () => {
    const byMean = (descending: boolean): string[] =>
      sortGroups(aggregate(all, ['label']), 'mean', descending).map(({ of }) => of.label);
    expect(byMean(false)).toEqual(['a', 'b', 'c']);
    expect(byMean(true)).toEqual(['b', 'a', 'c']);
    const sizes = [measured('a', 300, 1), measured('a', 50, 1), measured('a', 1000, 1)];
    const bySize = sortGroups(aggregate(sizes, ['trainingSize']), 'trainingSize', false);
    expect(bySize.map(({ of }) => of.trainingSize)).toEqual([50, 300, 1000]);
  });

  it('tell when rows do not average the same conditions', () => {
    expect(isBalanced(aggregate(all.slice(0, 2), ['label']), ['label'])).toBe(true);
    expect(isBalanced(aggregate(all.slice(0, 3), ['label']), ['label'])).toBe(false);
    // Undefined here, defined there: not the same either.
    expect(isBalanced(aggregate(all.slice(0, 4), ['label']), ['label'])).toBe(false);
  });

  it('know each gain by its condition', () => {
    const gains = measuredConditions(findings, 'net');
    expect(gains.length).toBe(
      findings.comparisons.filter(({ comparedTo }) => comparedTo === 'selfDistilled').length,
    );
    expect(gains.every(({ seeds }) => seeds === findings.config.seeds.length)).toBe(true);
    expect(measuredConditions(findings, 'metric:auroc')).toHaveLength(findings.cells.length);
  });
});

describe('tables as text', () => {
  it('hold each cell in its place', () => {
    const table = { caption: 'AUROC', head: ['Arm', 'Gain'], lines: [['a|b', '\u22120.1 (5 % CI)']] };
    expect(markdownOf(table)).toBe(
      '**AUROC**\n\n| Arm | Gain |\n| --- | --- |\n| a\\|b | \u22120.1 \\(5 % CI\\) |\n',
    );
    expect(latexOf(table)).toContain('    a\\textbar{}b & $-$0.1 (5 \\% CI) \\\\\n');
    expect(latexOf(table)).toContain('\\begin{tabular}{lr}');
  });

  // What CommonMark makes of backslash escapes (section 2.4): any escaped ASCII punctuation is itself.
  it('read in Markdown as they were, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        const escaped = escapeMarkdown(text);
        const line = text.replace(/\r\n|[\r\n]/g, ' ');
        expect(escaped.replace(/\\([!-/:-@[-`{-~])/g, '$1')).toBe(line);
        expect(escaped).not.toMatch(/[\r\n]/);
        expect(escaped.replace(/\\[!-/:-@[-`{-~]/g, '')).not.toMatch(/[|`*_<[]/);
      }),
    );
  });

  it('read in LaTeX as they were, whatever they hold', () => {
    const commands: Readonly<Record<string, string>> = {
      '\\textbackslash{}': '\\',
      '\\textasciitilde{}': '~',
      '\\textasciicircum{}': '^',
      '\\textasciigrave{}': '`',
      '\\textless{}': '<',
      '\\textgreater{}': '>',
      '\\textbar{}': '|',
      '{[}': '[',
      '{]}': ']',
      '{*}': '*',
      '-{}': '-',
    };
    // Reads what LaTeX would set: a known command, an escaped sign, or a plain one; all else is an error.
    const token = /\\text[a-z]+\{\}|\{[[\]*]\}|-\{\}|\\[{}&%$#_]|[^\\{}&%$#_~^]/gy;
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        const escaped = escapeLatex(text);
        const tokens = escaped.match(token) ?? [];
        expect(tokens.join('')).toBe(escaped);
        const read = tokens
          .map((one) => commands[one] ?? (one.startsWith('\\') ? one.slice(1) : one))
          .join('');
        expect(read).toBe(text.replace(/\r\n|[\r\n]/g, ' '));
        expect(escaped).not.toContain('--');
      }),
    );
  });
});

describe('the reading of test patients', () => {
  it('is said with its count once a study is finished, and as early before', () => {
    const seeds = [{ ...findings.cells[0]!.seeds[0]!, runId: 'one' }];
    const cells = [{ ...findings.cells[0]!, seeds }];
    expect(testReadingSentence({ cells, runsDone: 4, runsPlanned: 4 })).toMatch(
      /^Test patients were read once, after validation had chosen: 1 run was/,
    );
    expect(testReadingSentence({ cells, runsDone: 3, runsPlanned: 4 })).toMatch(
      /before the study is finished/,
    );
  });
});
