/**
 * findings.csv: one tidy table, a row for each metric of each cell, for each comparison, for each candidate (λ, τ) of a grid on validation
 * patients and for each number of a label's diagnosis (its `verdict` is what the report knows), told apart by the column `kind`.
 */
import type { ComparedTo, Condition, Estimate, Findings } from '../study/findings/findings.ts';
import { conditionKey } from '../study/selection.ts';

const columns = [
  'kind',
  'label',
  'arm',
  'tuning',
  'pretraining',
  'encoder',
  'trainingSize',
  'trainingPatients',
  'testPatients',
  'testFilms',
  'testPositives',
  'candidates',
  'lambda',
  'temperature',
  'chosenBySeeds',
  'metric',
  'comparedTo',
  'value',
  'low',
  'high',
  'seedStandardDeviation',
  'p',
  'adjustedP',
  'delongP',
  'acrossSeedsLow',
  'acrossSeedsHigh',
  'acrossSeedsP',
  'equivalenceP',
  'detectableDifference',
  'rarerClassPatients',
  'verdict',
] as const;

type Row = Readonly<Partial<Record<(typeof columns)[number], string | number | null>>>;

/**
 * The findings as CSV (RFC 4180: lines end with CR LF). A value that is not defined is the word "undefined"; a column that does not
 * apply to a row's kind is empty.
 */
export function findingsCsv(findings: Findings): string {
  const rows = [
    ...metricRows(findings),
    ...differenceRows(findings),
    ...candidateRows(findings),
    ...diagnosisRows(findings),
  ];
  const lines = [
    columns.join(','),
    ...rows.map((row) => columns.map((name) => csvCell(row[name])).join(',')),
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

/**
 * One cell. Numbers stand as they are; text that a spreadsheet would take for a formula gets an apostrophe before it
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export function csvCell(value: string | number | null | undefined): string {
  if (value === undefined) return '';
  if (value === null) return 'undefined';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'undefined';
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function metricRows({ cells }: Findings): Row[] {
  return cells.flatMap((cell) =>
    Object.entries(cell.metrics).map(([metric, estimate]) => ({
      kind: 'metric',
      ...conditionColumns(cell),
      trainingPatients: cell.trainingPatients,
      testPatients: cell.testPatients,
      testFilms: cell.testFilms,
      testPositives: cell.testPositives,
      candidates: cell.candidates,
      metric,
      ...estimateColumns(estimate),
      ...(metric === 'auroc' ? { seedStandardDeviation: cell.seedStandardDeviation } : {}),
    })),
  );
}

function differenceRows({ comparisons, verdicts, pretrainingVerdicts }: Findings): Row[] {
  const wordsOf = (given: readonly (Condition & { readonly word: string })[]): ReadonlyMap<string, string> =>
    new Map(given.map((verdict) => [conditionKey(verdict), verdict.word]));
  const words: Partial<Record<ComparedTo, ReadonlyMap<string, string>>> = {
    baseline: wordsOf(verdicts),
    noPretraining: wordsOf(pretrainingVerdicts),
  };
  return comparisons.map((comparison) => {
    const verdict = words[comparison.comparedTo]?.get(conditionKey(comparison));
    return {
      kind: 'difference',
      ...conditionColumns(comparison),
      metric: 'auroc',
      comparedTo: comparison.comparedTo,
      ...estimateColumns(comparison.difference),
      p: comparison.p,
      adjustedP: comparison.adjustedP,
      delongP: comparison.delongP,
      acrossSeedsLow: comparison.acrossSeeds?.low ?? null,
      acrossSeedsHigh: comparison.acrossSeeds?.high ?? null,
      acrossSeedsP: comparison.acrossSeeds?.p ?? null,
      equivalenceP: comparison.equivalenceP,
      detectableDifference: comparison.detectableDifference,
      rarerClassPatients: comparison.rarerClassPatients,
      ...(verdict ? { verdict } : {}),
    };
  });
}

function candidateRows({ grids }: Findings): Row[] {
  return grids.flatMap((grid) =>
    grid.candidates.map((candidate) => ({
      kind: 'candidate',
      ...conditionColumns(grid),
      lambda: candidate.lambda,
      temperature: candidate.temperature,
      chosenBySeeds: candidate.chosenBy,
      metric: 'validationAuroc',
      value: candidate.validationAuroc,
      seedStandardDeviation: candidate.standardDeviation,
    })),
  );
}

function diagnosisRows({ diagnoses }: Findings): Row[] {
  return diagnoses.flatMap(({ condition, knowledge, textOnly, ceiling, gap, stated }) => {
    const { imageEncoder: encoder, ...columnsOfCondition } = condition;
    const numbers = {
      textOnlyAuroc: textOnly,
      teacherAuroc: ceiling,
      teacherLessStudent: gap,
      statedInPositives: stated?.positives,
      statedInNegatives: stated?.negatives,
    };
    return Object.entries(numbers).flatMap(([metric, estimate]) =>
      estimate
        ? [
            {
              kind: 'diagnosis',
              ...columnsOfCondition,
              encoder,
              metric,
              ...estimateColumns(estimate),
              verdict: knowledge,
            },
          ]
        : [],
    );
  });
}

function conditionColumns({ label, arm, tuning, pretraining, imageEncoder, trainingSize }: Condition): Row {
  return { label, arm, tuning, pretraining, encoder: imageEncoder, trainingSize };
}

function estimateColumns({ value, low, high }: Estimate): Row {
  return { value, low, high };
}
