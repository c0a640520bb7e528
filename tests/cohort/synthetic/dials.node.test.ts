import { expect, test } from 'vitest';
import { InputError } from '../../../src/errors.ts';
import {
  checkDials,
  defaultDials,
  dialFields,
  dialPresets,
  type SyntheticDials,
} from '../../../src/cohort/synthetic/dials.ts';

test('each dial has one field, whose value is the default and lies within its range', () => {
  expect(new Set(dialFields.map(({ name }) => name))).toEqual(new Set(Object.keys(defaultDials)));
  expect(dialFields.length).toBe(Object.keys(defaultDials).length);
  for (const { name, value, low, high } of dialFields) {
    expect(value, name).toBe(defaultDials[name]);
    expect(value >= low && value <= high, name).toBe(true);
  }
});

test('the ends of every field are accepted', () => {
  for (const { name, low, high } of dialFields)
    for (const value of [low, high]) expect(checkDials({ ...defaultDials, [name]: value })[name]).toBe(value);
});

test.each<[keyof SyntheticDials, number]>([
  ['patients', 0],
  ['patients', 2.5],
  ['maxFilmsPerPatient', 0],
  ['visibility', -0.1],
  ['visibility', 1.1],
  ['prevalence', 0],
  ['prevalence', 1],
  ['labelNoise', 1.5],
  ['statesOutcome', NaN],
  ['seed', Infinity],
])('%s = %f is refused with a sentence', (name, value) => {
  const label = dialFields.find((field) => field.name === name)!.label;
  expect(() => checkDials({ ...defaultDials, [name]: value })).toThrow(InputError);
  expect(() => checkDials({ ...defaultDials, [name]: value })).toThrow(label);
});

test('presets are valid, and differ in what reports know only', () => {
  expect(dialPresets.map(({ name }) => name)).toEqual(['graded', 'outcome', 'silent']);
  for (const { dials } of dialPresets) {
    checkDials(dials);
    const { statedEvidence, gradedSeverity, statesOutcome } = defaultDials;
    expect({ ...dials, statedEvidence, gradedSeverity, statesOutcome }).toEqual(defaultDials);
  }
});
