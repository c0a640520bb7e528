/** Answers to what an import asks, as the command line reads and checks them. */
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { checkSplitValues, openQuestionSentence } from '../../src/cli/import-answers.ts';
import { cohortWords } from '../../src/cli/study.ts';
import { readOptions, studyHelp } from '../../src/cli/study-options.ts';

const importing = (...words: readonly string[]): unknown =>
  readOptions(['--cohort', tmpdir(), ...words]).importing;

describe('the answers', () => {
  test('say what values of the split mean, or that it is drawn', () => {
    expect(
      importing('--split-values', 'external_test=leave-out,holdout=test,tv=train-validation, a=b =val'),
    ).toEqual({
      splitValues: { external_test: 'leaveOut', holdout: 'test', tv: 'trainValidation', 'a=b': 'validation' },
    });
    expect(importing('--split-values', 'drawn')).toEqual({ splitValues: 'drawn' });
  });

  test.each([
    ['one', 'one'],
    ['several', 'several'],
    ['leave-out', 'leaveOut'],
  ])('say what spellings are: %s', (word, patientSpellings) => {
    expect(importing('--patient-spellings', word)).toEqual({ patientSpellings });
  });

  test.each([
    [
      ['--cohort', tmpdir(), '--split-values', 'tv=trian'],
      'got "tv=trian". The meanings are train, validation',
    ],
    [['--cohort', tmpdir(), '--split-values', 'tv'], 'got "tv"'],
    [['--cohort', tmpdir(), '--split-values', 'tv=toString'], 'got "tv=toString"'],
    [['--cohort', tmpdir(), '--patient-spellings', 'both'], 'got "both"'],
    [['--split-values', 'drawn'], '--split-values belongs to a folder; add --cohort'],
    [['--split-values', 'drawn', '--patient-spellings', 'one'], 'belong to a folder'],
  ])('refuse %j', (words, sentence) => {
    expect(() => readOptions(words)).toThrow(sentence);
  });

  test('stand in the help', () => {
    expect(studyHelp).toMatch(/--split-values .*train-validation.*leave-out/);
    expect(studyHelp).toMatch(/--patient-spellings /);
  });

  test('are part of which cohort a profile holds, in any order', () => {
    const words = (text: string): string =>
      cohortWords(readOptions(['--cohort', '/', '--seed', '3', '--split-values', text]));
    expect(words('b=test,a=train')).toBe('/, seed 3, splitValues a=train,b=test');
    expect(words('a=train,b=test')).toBe(words('b=test,a=train'));
    expect(words('a=train,b=val')).not.toBe(words('a=train,b=test'));
  });
});

describe('values of an answer', () => {
  test('that the column does not hold are refused with those that it holds', () => {
    expect(() => checkSplitValues({ tv: 'train', x: 'test' }, ['train', 'tv'])).toThrow(
      '--split-values names “x”, which the split column does not hold; its values are “train”, “tv”.',
    );
    expect(() => checkSplitValues({ tv: 'train' }, [])).toThrow('no column of this folder’s table');
    expect(checkSplitValues({ tv: 'train' }, ['train', 'tv'])).toEqual([['tv', 'train']]);
  });
});

describe('an open question', () => {
  test('is told with the values that it is about and the option that answers it', () => {
    const sentence = openQuestionSentence('splitValues', 'The column “part” holds other values.', [
      'tv',
      'x',
    ]);
    expect(sentence).toContain('Without a meaning: “tv”, “x”. Say it with --split-values');
    expect(openQuestionSentence('splitValues', 'Not known: “tv”.', ['tv'])).not.toContain(
      'Without a meaning',
    );
    expect(openQuestionSentence('patientSpellings', 'So.', [])).toBe(
      'So. Say it with --patient-spellings one, several or leave-out.',
    );
  });
});
