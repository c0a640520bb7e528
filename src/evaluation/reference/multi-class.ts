/**
 * Metrics of exclusive classes: areas averaged over classes or pairs of classes, and what the confusion matrix gives.
 */
import { auroc } from '../metrics/auroc.ts';
import { share } from '../metrics/confusion.ts';
import { weightedAverage } from './multi-label.ts';

/**
 * One-versus-rest AUROC averaged over the classes.
 * @param labels [rows], class from 0. @param probabilities [rows][classes]. @param average macro, or weighted by the classes' rows.
 * @returns undefined when a class has no row or all rows.
 */
export function aurocOneVersusRest(
  labels: readonly number[],
  probabilities: readonly (readonly number[])[],
  average: 'macro' | 'weighted',
): number | undefined {
  const classes = classesOf(probabilities);
  const truth = classes.map((k) => labels.map((label) => (label === k ? 1 : 0)));
  return weightedAverage(
    classes.map((k) => auroc.compute(truth[k]!, scoresOf(probabilities, k))),
    truth.map((rows) => (average === 'macro' ? 1 : rows.reduce<number>((sum, y) => sum + y, 0))),
  );
}

/**
 * One-versus-one AUROC: each pair of classes on its own rows, both ways round, averaged over pairs (Hand & Till, Machine Learning 45, 2001).
 * @param labels [rows], class from 0. @param probabilities [rows][classes]. @returns undefined when a class has no row.
 */
export function aurocOneVersusOne(
  labels: readonly number[],
  probabilities: readonly (readonly number[])[],
): number | undefined {
  const areas: (number | undefined)[] = [];
  for (const a of classesOf(probabilities))
    for (const b of classesOf(probabilities)) {
      if (a === b) continue;
      const rows = labels.map((_, row) => row).filter((row) => labels[row] === a || labels[row] === b);
      areas.push(
        auroc.compute(
          rows.map((row) => (labels[row] === a ? 1 : 0)),
          rows.map((row) => probabilities[row]![a]!),
        ),
      );
    }
  return weightedAverage(
    areas,
    areas.map(() => 1),
  );
}

/** The class with the largest probability in each row; the first of equals. @param probabilities [rows][classes]. */
export function predictedClasses(probabilities: readonly (readonly number[])[]): number[] {
  return probabilities.map((row) => row.indexOf(Math.max(...row)));
}

/** Rows by true class (first index) and predicted class (second). @param labels [rows]. @param predicted [rows]. */
export function confusionMatrix(
  labels: readonly number[],
  predicted: readonly number[],
  classes: number,
): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  labels.forEach((label, row) => {
    const cells = matrix[label];
    const guess = predicted[row]!;
    if (!cells || cells[guess] === undefined)
      throw new RangeError(
        `confusionMatrix: row ${row} has classes ${label} and ${guess}, expected 0 to ${classes - 1}`,
      );
    cells[guess] += 1;
  });
  return matrix;
}

/** What a confusion matrix gives. */
export interface MultiClassSummary {
  readonly accuracy: number | undefined;
  /** Mean sensitivity over the classes that have rows. */
  readonly balancedAccuracy: number | undefined;
  /** Mean F1 over classes; a class without rows and calls counts 0. */
  readonly macroF1: number;
  /** Gorodkin's extension of Matthews' correlation (Computational Biology and Chemistry 28, 2004); 0 when truth or calls do not vary. */
  readonly matthewsCorrelation: number;
  readonly cohenKappa: number | undefined;
  /** Cohen's kappa with disagreement weighed by the squared distance of ordered classes. */
  readonly quadraticKappa: number | undefined;
}

/** Summarizes a confusion matrix [true class][predicted class]. */
export function summarizeConfusion(matrix: readonly (readonly number[])[]): MultiClassSummary {
  const classes = matrix.map((_, k) => k);
  const actual = matrix.map(sum);
  const called = classes.map((k) => sum(matrix.map((row) => row[k]!)));
  const total = sum(actual);
  const hits = classes.map((k) => matrix[k]![k]!);
  const present = classes.filter((k) => actual[k]! > 0);
  return {
    accuracy: share(sum(hits), total - sum(hits)),
    balancedAccuracy: weightedAverage(
      present.map((k) => hits[k]! / actual[k]!),
      present.map(() => 1),
    ),
    macroF1: sum(classes.map((k) => (2 * hits[k]!) / (actual[k]! + called[k]! || 1))) / classes.length,
    matthewsCorrelation: gorodkin(sum(hits), total, actual, called),
    cohenKappa: weightedKappa(matrix, actual, called, (a, b) => (a === b ? 0 : 1)),
    quadraticKappa: weightedKappa(matrix, actual, called, (a, b) => (a - b) ** 2),
  };
}

function gorodkin(hits: number, total: number, actual: readonly number[], called: readonly number[]): number {
  const product = (a: readonly number[], b: readonly number[]) => sum(a.map((value, k) => value * b[k]!));
  const denominator = Math.sqrt(
    (total ** 2 - product(called, called)) * (total ** 2 - product(actual, actual)),
  );
  return denominator > 0 ? (hits * total - product(actual, called)) / denominator : 0;
}

function weightedKappa(
  matrix: readonly (readonly number[])[],
  actual: readonly number[],
  called: readonly number[],
  cost: (a: number, b: number) => number,
): number | undefined {
  const total = sum(actual);
  const observed = sum(matrix.map((row, a) => sum(row.map((count, b) => count * cost(a, b)))));
  const expected = sum(actual.map((p, a) => sum(called.map((q, b) => (p * q * cost(a, b)) / total))));
  return expected > 0 ? 1 - observed / expected : undefined;
}

function classesOf(probabilities: readonly (readonly number[])[]): number[] {
  return (probabilities[0] ?? []).map((_, k) => k);
}

function scoresOf(probabilities: readonly (readonly number[])[], k: number): number[] {
  return probabilities.map((row) => row[k]!);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
