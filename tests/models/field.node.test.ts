/** Numbers against their fields: range, whole steps, defaults, unknown names. */
import { expect, test } from 'vitest';
import { completeSettings, defaultsOf, fieldProblem } from '../../src/models/field.ts';

const words = { label: '', unit: '', why: '' };
const fields = [
  { name: 'width', low: 2, high: 8, step: 2, value: 4, ...words },
  { name: 'share', low: 0, high: 1, step: 0.05, value: 0.5, ...words },
] as const;
const [width, share] = fields;

test('whole steps take whole numbers of the range, both ends included', () => {
  for (const value of [2, 3, 8]) expect(fieldProblem(width, value)).toBeNull();
  for (const value of [1, 2.5, 9, NaN, Infinity])
    expect(fieldProblem(width, value)).toBe('a whole number from 2 to 8');
});

test('other steps take any number of the range', () => {
  for (const value of [0, 0.33, 1]) expect(fieldProblem(share, value)).toBeNull();
  for (const value of [-0.01, 1.01, NaN]) expect(fieldProblem(share, value)).toBe('a number from 0 to 1');
});

test('what is left out has its default', () => {
  expect(defaultsOf(fields)).toEqual({ width: 4, share: 0.5 });
  expect(completeSettings('net', fields, { share: 0 })).toEqual({ width: 4, share: 0 });
});

test('what does not fit is refused with its owner and its name', () => {
  expect(() => completeSettings('net', fields, { depth: 3 })).toThrow(
    'net: there is no setting "depth"; it has width, share',
  );
  expect(() => completeSettings('net', fields, { width: 2.5 })).toThrow(
    'net: width must be a whole number from 2 to 8, got 2.5',
  );
});
