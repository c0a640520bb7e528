/** Regressions on probabilities and ridge regression, against closed forms, central differences and the case of hard labels. */
import { expect, test } from 'vitest';
import {
  fitLogisticRegression,
  fitSoftLogisticRegression,
  type LogisticRegression,
} from '../../src/evaluation/logistic-regression.ts';
import { ridgeRegression } from '../../src/evaluation/ridge-regression.ts';
import { Random } from '../../src/random/random.ts';

const random = new Random('soft targets');
const matrix = Array.from({ length: 40 }, () => Float64Array.from({ length: 4 }, () => random.normal()));
const targets = matrix.map(() => random.uniform());
const options = { inverseRegularization: 0.7, penalizeIntercept: true };

/** The objective, written naively. */
function objective([intercept, ...weights]: readonly number[]): number {
  const penalty = 0.5 * [intercept!, ...weights].reduce((sum, w) => sum + w * w, 0);
  return matrix.reduce((sum, row, i) => {
    const logit = intercept! + weights.reduce((total, w, j) => total + w * row[j]!, 0);
    const p = 1 / (1 + Math.exp(-logit));
    return sum - 0.7 * (targets[i]! * Math.log(p) + (1 - targets[i]!) * Math.log(1 - p));
  }, penalty);
}

const parametersOf = ({ weights, intercepts }: LogisticRegression): number[] => [
  intercepts[0]!,
  ...weights[0]!,
];

test('at the optimum the central differences of the objective are 0', () => {
  const optimum = parametersOf(fitSoftLogisticRegression(matrix, targets, options));
  const h = 1e-5;
  optimum.forEach((_, p) => {
    const at = (shift: number): number => objective(optimum.map((w, q) => (q === p ? w + shift : w)));
    expect(Math.abs((at(h) - at(-h)) / (2 * h))).toBeLessThan(1e-6);
  });
});

test('targets of 0 and 1 are labels', () => {
  const labels = targets.map((target) => Number(target > 0.5));
  const soft = parametersOf(fitSoftLogisticRegression(matrix, labels, options));
  const hard = parametersOf(fitLogisticRegression(matrix, labels, { ...options, balanced: false }));
  soft.forEach((value, p) => expect(value).toBeCloseTo(hard[p]!, 10));
});

test('a target is a mixture of both labels: the row twice, with the weights of its shares', () => {
  // One target of 3/4 for all rows is three rows of label 1 and one of label 0, each at a quarter of C.
  const soft = parametersOf(
    fitSoftLogisticRegression(
      matrix,
      matrix.map(() => 0.75),
      options,
    ),
  );
  const rows = matrix.flatMap((row) => [row, row, row, row]);
  const labels = matrix.flatMap(() => [1, 1, 1, 0]);
  const twin = { ...options, inverseRegularization: 0.7 / 4, balanced: false };
  const hard = parametersOf(fitLogisticRegression(rows, labels, twin));
  soft.forEach((value, p) => expect(value).toBeCloseTo(hard[p]!, 8));
});

test('without a free weight the intercept is the log-odds of the mean target', () => {
  const free = { ...options, penalizeIntercept: false };
  const { intercepts } = fitSoftLogisticRegression([[0], [0], [0]], [0.2, 0.9, 0.4], free);
  expect(intercepts[0]!).toBeCloseTo(Math.log(0.5 / 0.5), 10);
});

test('a target that is no probability is refused with its row', () => {
  expect(() => fitSoftLogisticRegression([[1], [2]], [0.5, 1.2], options)).toThrow('got 1.2 in row 1');
});

test('ridge regression of one feature is Σxy / (Σx² + penalty), for each target', () => {
  const rows = [1, 2, -3].map((x) => Float64Array.of(x));
  const columns = [
    [2, 1],
    [0, 1],
    [-1, 4],
  ].map((row) => Float64Array.from(row));
  const weights = ridgeRegression(rows, columns, 6);
  expect(weights[0]![0]).toBeCloseTo(5 / 20, 12);
  expect(weights[1]![0]).toBeCloseTo(-9 / 20, 12);
});

test('ridge regression has a gradient of 0 at its optimum', () => {
  const penalty = 2.5;
  const [weight] = ridgeRegression(
    matrix,
    targets.map((target) => Float64Array.of(target)),
    penalty,
  );
  weight!.forEach((w, p) => {
    const gradient = matrix.reduce((sum, row, i) => {
      const residual = row.reduce((total, value, j) => total + value * weight![j]!, 0) - targets[i]!;
      return sum + residual * row[p]!;
    }, penalty * w);
    expect(Math.abs(gradient)).toBeLessThan(1e-10);
  });
  expect(() => ridgeRegression(matrix, [], 0)).toThrow('penalty must be > 0');
});
