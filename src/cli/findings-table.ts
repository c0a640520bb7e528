/**
 * The findings as the terminal shows them: one aligned table a label, then the verdicts and answers in words.
 */
import { metricWord, tuningWords } from '../study/findings/words.ts';
import { arms } from '../study/arms/registry.ts';
import {
  formatDifference,
  formatEitherWay,
  formatEstimate,
  formatP,
  formatRange,
  sizeWords,
} from '../figures/number-words.ts';
import type { ResultsHead } from '../exports/results-json.ts';
import type { Cell, ComparedTo } from '../study/findings/findings.ts';
import { countPhrase } from '../count-words.ts';
import { primarySentence, verdictOn } from '../study/findings/primary-question.ts';
import { conditionKey } from '../study/selection.ts';

/** All lines to print. */
export function findingsLines(results: ResultsHead): readonly string[] {
  const labels = [...new Set(results.cells.map((cell) => cell.label))];
  const warning = results.finished
    ? []
    : [
        `UNFINISHED: ${results.runsDone} of ${countPhrase(results.runsPlanned, 'run')} ${results.runsDone === 1 ? 'has' : 'have'} a result.`,
        '',
      ];
  return [...warning, ...labels.flatMap((label) => labelLines(label, results)), ...primaryLines(results)];
}

/** Printed last, because the end of the output stays visible in a terminal. */
function primaryLines(results: ResultsHead): readonly string[] {
  const verdict = results.primary && verdictOn(results.primary.question, results);
  return [primarySentence(results), ...(verdict ? [`  • ${verdict.sentence}`] : []), ''];
}

/** The table without columns that are empty in every row, and without the pre-training where there is none. */
function withoutEmpty(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const [, ...lines] = rows;
  const says = (_: string, column: number): boolean =>
    lines.some((line) => line[column] !== '' && line[column] !== 'none');
  return rows.map((row) => row.filter((cell, column) => column === 0 || says(cell, column)));
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

function labelLines(label: string, results: ResultsHead): readonly string[] {
  const cells = results.cells.filter((cell) => cell.label === label);
  const verdicts = results.verdicts.filter((verdict) => verdict.label === label);
  const answers = results.answers.filter((answer) => answer.label === label);
  return [
    label,
    ...alignColumns(withoutEmpty([tableHeader, ...cells.map((cell) => tableRow(cell, results))])).map(
      (line) => `  ${line}`,
    ),
    '',
    ...verdicts.map(({ sentence }) => `  • ${sentence}`),
    ...results.pretrainingVerdicts
      .filter((verdict) => verdict.label === label)
      .map(({ sentence }) => `  • ${sentence}`),
    ...answers.flatMap(({ sentences }) => sentences.map((sentence) => `  ${sentence}`)),
    '',
  ];
}

const tableHeader = [
  'arm',
  'tuning',
  'pre-training',
  'size',
  `test ${metricWord('auroc')} (95 % CI)`,
  'over baseline',
  'across seeds',
  'p (Holm)',
  'p (equivalence)',
  'detectable',
  'over control',
  'over no pre-training',
  'over shuffled pairs',
  'over its report part',
  'verdict',
];

function tableRow(cell: Cell, results: ResultsHead): readonly string[] {
  const { comparisons, verdicts, pretrainingVerdicts } = results;
  const key = conditionKey(cell);
  const over = (reference: ComparedTo): (typeof comparisons)[number] | undefined =>
    comparisons.find(
      (comparison) =>
        comparison.comparedTo === reference &&
        conditionKey({ ...comparison, imageEncoder: comparison.encoder }) === key,
    );
  const difference = (reference: ComparedTo): string => {
    const found = over(reference);
    return found ? formatDifference(found.difference) : '';
  };
  const tested = over('baseline') ?? over('noPretraining');
  const verdict = [...verdicts, ...pretrainingVerdicts].find((candidate) => conditionKey(candidate) === key);
  return [
    arms[cell.arm].label,
    tuningWords[cell.tuning],
    cell.pretraining,
    sizeWords(cell.trainingSize),
    formatEstimate(cell.metrics['auroc'] ?? undefined),
    difference('baseline'),
    tested ? formatRange(tested.acrossSeeds) : '',
    tested ? formatP(tested.adjustedP) : '',
    tested ? formatP(tested.equivalenceP) : '',
    tested ? formatEitherWay(tested.detectableDifference) : '',
    difference('selfDistilled'),
    difference('noPretraining'),
    difference('permutedPairs'),
    difference('withoutSelfSupervision'),
    verdict ? verdict.word : '',
  ];
}
