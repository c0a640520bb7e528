/**
 * The tables of a label and setup: metrics, differences, calibration, groups, and the run that validation chose for each seed.
 */
import { arms } from '../../study/arms/registry.ts';
import type { Cell, Comparison } from '../../study/findings/findings.ts';
import { pPhrase } from '../../study/phrases.ts';
import { metricWord, referenceWords } from '../../study/findings/words.ts';
import { html, type Markup } from '../html.ts';
import {
  formatDifference,
  formatEitherWay,
  formatEstimate,
  formatNumber,
  formatP,
  formatRange,
  sizeWords,
  undefinedWord,
} from '../../figures/number-words.ts';
import { dataTable } from './table.ts';

/** Metrics of each arm and size. */
export function metricTable(cells: readonly Cell[]): Markup {
  const names = [...new Set(cells.flatMap(({ metrics }) => Object.keys(metrics)))];
  return dataTable(
    'Performance on test patients: mean over seeds with its interval over patients.',
    [
      'Arm',
      'Training patients',
      'Test films (positive), patients',
      ...names.map(metricWord),
      'SD of AUROC over seeds',
      'Seeds',
      'Candidates a seed',
    ],
    cells.map((cell) => [
      arms[cell.arm].label,
      cell.trainingPatients,
      `${cell.testFilms} (${cell.testPositives}), ${cell.testPatients}`,
      ...names.map((name) => (cell.metrics[name] ? formatEstimate(cell.metrics[name]) : 'not measured')),
      formatNumber(cell.seedStandardDeviation),
      cell.seeds.length,
      cell.candidates,
    ]),
  );
}

/** Paired differences with all that is known of each. @param named says what is compared. */
export function differenceTable(
  comparisons: readonly Comparison[],
  named: (comparison: Comparison) => string = ({ arm }) => arms[arm].label,
): Markup {
  return dataTable(
    'Paired differences in AUROC, with intervals over patients, and over patients and seeds.',
    [
      'Arm',
      'Size',
      'Compared to',
      'Difference',
      'p',
      'p (Holm)',
      'p (DeLong)',
      'Over patients and seeds',
      'p (equivalence)',
      'Detectable difference',
    ],
    comparisons.map((one) => [
      named(one),
      sizeWords(one.trainingSize),
      referenceWords[one.comparedTo],
      formatDifference(one.difference),
      formatP(one.p),
      formatP(one.adjustedP),
      formatP(one.delongP),
      acrossSeedsWords(one.acrossSeeds),
      formatP(one.equivalenceP),
      formatEitherWay(one.detectableDifference),
    ]),
  );
}

/** Calibration errors before and after temperature scaling; nothing where none was measured. */
export function calibrationTable(cells: readonly Cell[]): Markup {
  const rows = cells.flatMap(({ arm, trainingSize, calibration }) =>
    calibration
      ? [
          [
            arms[arm].label,
            sizeWords(trainingSize),
            formatEstimate(calibration.error),
            formatNumber(calibration.temperature, 2),
            formatEstimate(calibration.scaled?.error),
          ],
        ]
      : [],
  );
  if (rows.length === 0) return html``;
  return dataTable(
    'Expected calibration error (ECE) of the seeds’ mean probability, as it is and after temperature scaling.',
    ['Arm', 'Size', 'ECE', 'Temperature (validation)', 'ECE after'],
    rows,
  );
}

/** AUROC by group; nothing where no group is known. */
export function subgroupTable(cells: readonly Cell[]): Markup {
  const rows = cells.flatMap(({ arm, trainingSize, subgroups }) =>
    subgroups.map((one) => [
      `${one.by} ${one.group}`,
      arms[arm].label,
      sizeWords(trainingSize),
      `${one.films} (${one.positives}), ${one.patients}`,
      `${one.small ? '⚠ few: ' : ''}${formatEstimate(one.auroc)}`,
    ]),
  );
  if (rows.length === 0) return html``;
  return dataTable(
    'AUROC by group of test films; ⚠ marks fewer than ten positive or ten negative films.',
    ['Group', 'Arm', 'Size', 'Films (positive), patients', 'AUROC'],
    rows,
  );
}

/** The run that validation patients chose for each arm, size and seed. */
export function seedTable(cells: readonly Cell[]): Markup {
  return dataTable(
    'The run that validation patients chose for each seed, with its AUROC on test patients.',
    ['Arm', 'Size', 'Seed', 'AUROC', 'Weight decay', 'λ', 'τ', 'Run'],
    cells.flatMap(({ arm, trainingSize, seeds }) =>
      seeds.map((one) => [
        arms[arm].label,
        sizeWords(trainingSize),
        one.seed,
        formatNumber(one.auroc),
        one.weightDecay,
        one.lambda ?? '–',
        one.temperature ?? '–',
        one.runId,
      ]),
    ),
  );
}

function acrossSeedsWords(across: Comparison['acrossSeeds']): string {
  return across ? `${formatRange(across)}, ${pPhrase(across.p)}` : undefinedWord;
}
