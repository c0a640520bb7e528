/**
 * The findings as the terminal shows them: one aligned table a label, then the verdicts and answers in words.
 */
import { metricWord, tuningWords } from '../study/words.ts';
import { arms } from '../study/arms.ts';
import { estimateWords, pWords, signedWords, sizeWords } from '../exports/number-words.ts';
import type { ResultsFile } from '../exports/results-json.ts';
import type { Cell } from '../study/findings.ts';
import { conditionKey } from '../study/selection.ts';

const undefinedEstimate = { value: null, low: null, high: null };

/** All lines to print. */
export function findingsLines(results: ResultsFile): readonly string[] {
  const labels = [...new Set(results.cells.map((cell) => cell.label))];
  const warning = results.finished
    ? []
    : [`UNFINISHED: ${results.runsDone} of ${results.runsPlanned} runs have a result.`, ''];
  return [...warning, ...labels.flatMap((label) => labelLines(label, results))];
}

/** Columns padded to their widest cell, two spaces between them. The first row is the header. */
export function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => [...(row[column] ?? '')].length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat(widths[column]! - [...cell].length))
      .join('  ')
      .trimEnd(),
  );
}

function labelLines(label: string, results: ResultsFile): readonly string[] {
  const cells = results.cells.filter((cell) => cell.label === label);
  const verdicts = results.verdicts.filter((verdict) => verdict.label === label);
  const answers = results.answers.filter((answer) => answer.label === label);
  return [
    label,
    ...alignColumns([tableHeader, ...cells.map((cell) => tableRow(cell, results))]).map(
      (line) => `  ${line}`,
    ),
    '',
    ...verdicts.map(({ sentence }) => `  • ${sentence}`),
    ...answers.flatMap(({ sentences }) => sentences.map((sentence) => `  ${sentence}`)),
    '',
  ];
}

const tableHeader = [
  'arm',
  'tuning',
  'size',
  `test ${metricWord('auroc')} (95 % CI)`,
  'over baseline',
  'p (Holm)',
  'over control',
  'verdict',
];

function tableRow(cell: Cell, { comparisons, verdicts }: ResultsFile): readonly string[] {
  const key = conditionKey(cell);
  const over = (reference: 'baseline' | 'selfDistilled'): (typeof comparisons)[number] | undefined =>
    comparisons.find(
      (comparison) =>
        comparison.comparedTo === reference &&
        conditionKey({ ...comparison, imageEncoder: comparison.encoder }) === key,
    );
  const baseline = over('baseline');
  const control = over('selfDistilled');
  const verdict = verdicts.find((candidate) => conditionKey(candidate) === key);
  return [
    arms[cell.arm].label,
    tuningWords[cell.tuning],
    sizeWords(cell.trainingSize),
    estimateWords(cell.metrics['auroc'] ?? undefinedEstimate),
    baseline ? estimateWords(baseline.difference, signedWords) : '',
    baseline ? pWords(baseline.adjustedP) : '',
    control ? estimateWords(control.difference, signedWords) : '',
    verdict ? verdict.word : '',
  ];
}
