/** What methods see, as the table of arms in the README says it. */
import { expect, test } from 'vitest';
import {
  methodInputs,
  methodWords,
  readsReports,
  seesFilms,
  type MethodName,
} from '../../../src/training/methods/inputs.ts';

const names = Object.keys(methodInputs) as MethodName[];

test('the probe of reports and the teacher read reports when they predict', () => {
  expect(names.filter(readsReports)).toEqual(['textOnly', 'teacher']);
});

test('all but the probe of reports see the film', () => {
  expect(names.filter(seesFilms)).toEqual(['imageOnly', 'teacher', 'distillation']);
});

test('phrases say what is seen, or that the model is a student', () => {
  expect(names.map(methodWords)).toEqual(['image only', 'report only', 'image + report', 'distilled']);
});
