/** What was decided at an import, in words. */
import { expect, test } from 'vitest';
import { readingSentences, splitSeed, splitValuesWords } from '../../src/cohort/import-words.ts';

test('values of a split are told with what they mean', () => {
  expect(splitValuesWords({ train: 'train', tv: 'trainValidation', x: 'leaveOut', '': 'test' })).toBe(
    '“train” training; “tv” training or validation, drawn by seed; “x” left out; an empty cell test',
  );
  expect(splitValuesWords()).toBe('');
});

test('readings of labels are told one by one', () => {
  expect(
    readingSentences({
      mortality: { kind: 'threshold', atLeast: 30 },
      finding: { kind: 'values', present: ['pneumonia', 'both'], absent: ['normal'] },
      device: { kind: 'words', blank: 'absent' },
      other: { kind: 'values', present: ['x'], absent: [] },
    }),
  ).toEqual([
    'mortality: present from 30 on',
    'finding: “pneumonia”, “both” present, “normal” absent',
    'device: blank = absent',
    'other: “x” present, nothing absent',
  ]);
  expect(readingSentences()).toEqual([]);
});

test('a column that names every side has no seed', () => {
  const fractions = { train: 0.6, validation: 0.2, test: 0.2 };
  expect(splitSeed({ kind: 'column', column: 'split' })).toBeNull();
  expect(splitSeed({ kind: 'column', column: 'split', drawn: { seed: 4, fractions } })).toBe(4);
  expect(splitSeed({ kind: 'seeded', seed: 7, fractions })).toBe(7);
});
