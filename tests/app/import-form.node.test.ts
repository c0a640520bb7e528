/** What the form of an import makes of columns, values, questions and problems. Expectations are written by hand. */
import { describe, expect, it } from 'vitest';
import { columnWords, reportWarning, valuesWords } from '../../src/app/cohort/column-words.ts';
import { readLabelCell } from '../../src/cohort/importers/cell-values.ts';
import {
  likelyKind,
  readingOf,
  readingSummary,
  rolesOf,
  toggleLabel,
} from '../../src/app/cohort/label-reading.ts';
import { countProblems } from '../../src/app/cohort/problem-counts.ts';
import { splitDraw } from '../../src/app/cohort/split-draw.ts';
import { keepQuestions, waitingSentence, type AskedQuestion } from '../../src/app/cohort/survey-questions.ts';
import type { SplitMeaning } from '../../src/cohort/cohort.ts';
import type { Survey } from '../../src/cohort/importers/importer.ts';
import { fakeSurvey } from './fake-survey.ts';

const plain = fakeSurvey({}, null, []);
const asking = fakeSurvey({ asking: true }, null, []);
const columnOf = (name: string): Survey['columns'][number] =>
  plain.columns.find((column) => column.name === name)!;

describe('a column', () => {
  it('is named with the kind of text that it holds', () => {
    expect(columnWords(columnOf('impression'))).toBe('impression (impression)');
    expect(columnWords(columnOf('history'))).toBe('history (reason for the film)');
    expect(columnWords(columnOf('sex'))).toBe('sex');
  });

  it('is doubted as a report when it stood before the film was read', () => {
    expect(reportWarning(columnOf('history'))).toMatch(
      /^What was asked before the film was read is no report/,
    );
    expect(reportWarning(columnOf('impression'))).toBeNull();
  });

  it('shows its values with their rows, and how many more there are', () => {
    expect(valuesWords(columnOf('finding'))).toBe('normal (70), pneumonia (31), other (19)');
    expect(valuesWords(columnOf('days_to_death'))).toBe('12 (2), 30 (4), … 40 values; 75 blank');
    expect(valuesWords(columnOf('image'))).toBe('… 120 values');
  });
});

describe('a label', () => {
  it('takes the reading that its cells suggest, unless it is plain, and loses it when it is given up', () => {
    const { mapping, columns } = plain;
    const chosen = toggleLabel(mapping, columns, 'device');
    expect(chosen).toEqual({
      labelColumns: ['device', 'effusion', 'cardiomegaly', 'readmission'],
      labelReadings: { device: { kind: 'words', blank: 'absent' } },
    });
    const givenUp = toggleLabel({ ...mapping, ...chosen }, columns, 'device');
    expect(givenUp).toEqual({ labelColumns: mapping.labelColumns, labelReadings: {} });
    const without = toggleLabel(mapping, columns, 'effusion');
    expect(without.labelColumns).toEqual(['cardiomegaly', 'readmission']);
    expect(toggleLabel({ ...mapping, ...without }, columns, 'effusion').labelReadings).toEqual({});
  });

  it('is asked for a threshold where it holds numbers, and else for its values', () => {
    expect(likelyKind(columnOf('days_to_death'), true)).toBe('threshold');
    expect(likelyKind(columnOf('finding'), true)).toBe('values');
    expect(likelyKind(columnOf('days_to_death'), false)).toBe('words');
  });

  it('has a reading by values once each value has its role', () => {
    const open = rolesOf(columnOf('finding'), null);
    expect(open).toEqual({ normal: null, pneumonia: null, other: null });
    expect(readingOf({ ...open, normal: 'absent', pneumonia: 'present' })).toBeNull();
    const reading = readingOf({ normal: 'absent', pneumonia: 'present', other: 'notKnown' })!;
    expect(reading).toEqual({ kind: 'values', present: ['pneumonia'], absent: ['normal'] });
    expect(
      rolesOf(columnOf('finding'), { kind: 'values', present: ['PNEUMONIA'], absent: ['Normal'] }),
    ).toEqual({
      normal: 'absent',
      pneumonia: 'present',
      other: 'notKnown',
    });
  });

  it('lets an empty cell mean absent, and reads it as not known until then', () => {
    const marked = { ...columnOf('finding'), values: [{ value: 'x', count: 4 }], blanks: 9 };
    expect(rolesOf(marked, null)).toEqual({ x: null, '': 'notKnown' });
    expect(readingOf({ x: 'present', '': 'absent' })).toEqual({
      kind: 'values',
      present: ['x'],
      absent: [''],
    });
    expect(readLabelCell('', { kind: 'values', present: ['x'], absent: [''] })).toEqual({
      kind: 'value',
      value: 0,
    });
  });

  it('says how it is read', () => {
    const device = columnOf('device');
    expect(readingSummary({ ...device, blanks: 0 }, null)).toBe('0 and 1, yes and no');
    expect(readingSummary(device, null)).toBe('0 and 1, yes and no; blank = not known');
    expect(readingSummary(device, { kind: 'words', blank: 'absent' })).toBe(
      '0 and 1, yes and no; blank = absent',
    );
    expect(readingSummary(device, { kind: 'threshold', atLeast: 30 })).toBe('present from 30 on');
  });
});

describe('questions', () => {
  const asked = keepQuestions(asking, []);

  it('keep the import waiting, each in words', () => {
    expect(waitingSentence(asked)).toBe(
      'The import waits for an answer: what 2 values of “cohort_part” mean; whether spellings in “patient” are one patient.',
    );
    expect(waitingSentence(keepQuestions(plain, []))).toBeNull();
  });

  it('stay in their places when they are answered, and go when their column does', () => {
    const answers = { train: 'train', tv: 'trainValidation', external_test: 'test' } as const;
    const answered = fakeSurvey({ asking: true }, { ...asking.mapping, splitValues: answers }, []);
    const shape = (list: readonly AskedQuestion[]): unknown =>
      list.map(({ question, open }) => [question.kind, open]);
    const kept = keepQuestions(answered, asked);
    expect(shape(kept)).toEqual([
      ['splitValues', false],
      ['patientSpellings', true],
    ]);
    const drawn = fakeSurvey({ asking: true }, { ...answered.mapping, splitColumn: null }, []);
    expect(shape(keepQuestions(drawn, kept))).toEqual([['patientSpellings', true]]);
  });
});

describe('a split', () => {
  it.each([
    [['train', 'validation', 'test'], 'nothing'],
    [['train', 'validation', 'test', 'leaveOut'], 'nothing'],
    [['train', 'test'], 'rest'],
    [['train', 'validation', 'test', 'trainValidation'], 'rest'],
  ] as const)('with values that mean %j draws %s', (meanings, draw) => {
    const splitValues = meanings.map((meaning: SplitMeaning) => ({ value: meaning, count: 1, meaning }));
    expect(splitDraw({ mapping: asking.mapping, splitValues })).toBe(draw);
  });

  it('without a column draws all', () => {
    expect(splitDraw(plain)).toBe('all');
  });
});

it('counts problems by what their lines stand for', () => {
  expect(countProblems(plain.problems)).toEqual({ refused: 1, warned: 3 });
});
