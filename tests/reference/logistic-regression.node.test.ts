/**
 * Logistic regression against scikit-learn's (see data/README.md): solvers differ in whether they penalize the intercept.
 */
import { expect, it } from 'vitest';
import {
  fitLogisticRegression,
  predictLogisticRegression,
} from '../../src/evaluation/logistic-regression.ts';
import { excess, numbers, readReference, type ReferenceArray } from './reference.ts';

const { cases } = await readReference('text/logistic_regression.json');

function rowsOf(matrix: ReferenceArray): number[][] {
  const [count = 0, width = 0] = matrix.shape;
  const flat = numbers(matrix);
  return Array.from({ length: count }, (_, row) => flat.slice(row * width, (row + 1) * width));
}

it.each(cases)('$kind $name', ({ args, inputs, expected, tolerance }) => {
  const settings = args as unknown as { C: number; solver: string; class_weight?: string | null };
  const given = inputs as Record<string, ReferenceArray>;
  const wanted = expected as Record<string, ReferenceArray>;
  const matrix = rowsOf(given['matrix']!);
  const model = fitLogisticRegression(matrix, numbers(given['labels']!), {
    inverseRegularization: settings.C,
    penalizeIntercept: settings.solver === 'liblinear',
    balanced: settings.class_weight === 'balanced',
  });
  const flat = (rows: readonly Float64Array[]): number[] => rows.flatMap((row) => [...row]);
  const got: Record<string, ArrayLike<number>> = {
    coef: flat(model.weights),
    intercept: model.intercepts,
    probabilities: flat(predictLogisticRegression(model, matrix)),
    probabilities_of_new: flat(predictLogisticRegression(model, rowsOf(given['new_matrix']!))),
  };
  expect(Object.keys(got).sort()).toEqual(Object.keys(wanted).sort());
  for (const [name, array] of Object.entries(wanted))
    expect(excess(got[name]!, array, tolerance!.atol, tolerance!.rtol), name).toBeLessThanOrEqual(0);
});

it('refuses a class without a row', () => {
  const options = { inverseRegularization: 1, penalizeIntercept: false, balanced: false };
  expect(() => fitLogisticRegression([[1], [2]], [1, 1], options)).toThrow('class 0 has no row');
});
