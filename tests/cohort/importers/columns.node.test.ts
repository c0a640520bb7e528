/** What single columns are taken for: each expectation is read off the cells. */
import { describe, expect, it } from 'vitest';
import { readLabelCell, readSplitCell } from '../../../src/cohort/importers/cell-values.ts';
import { columnValues } from '../../../src/cohort/importers/column-values.ts';
import { FileIndex } from '../../../src/cohort/importers/file-index.ts';
import { labelOffer } from '../../../src/cohort/importers/label-offer.ts';
import { findSplit, splitValues } from '../../../src/cohort/importers/split-column.ts';
import { findTexts } from '../../../src/cohort/importers/text-columns.ts';

/** Cells separated by spaces; "_" stands for a blank. */
const cellsOf = (words: string): string[] => words.split(' ').map((word) => (word === '_' ? '' : word));
const column = (name: string, words: string) => columnValues(name, cellsOf(words));

describe('columns as labels', () => {
  it.each([
    ['dx', '0 1 1 0', true],
    ['dx', '0.0 1.0 -1.0 _', true],
    ['dx', '0,0 1,0 0,0', true],
    ['dx', 't f t', true],
    ['dx', 'Checked Unchecked', true],
    ['dx', 'Yes No NA', true],
    ['mortality_30_day', '0 1', true],
    ['icu_admission_time', '0 1', true],
    ['follow up days', '0 1', false],
    ['study_id', '0 1 0', false],
    ['fold', '0 1', false],
    ['dx', '1 _ 1', false],
    ['dx', '1 1 1', false],
    ['dx', '0 0 0', false],
    ['dx', 'pneumonia normal', false],
    ['dx', '1 2 2', false],
    ['score', '0 1 2 3 4', false],
    ['birads', '0 0 0 0 0 0 0 0 1 1 1 1 2 2', false],
    ['dx', '0 1 0 1 0 1 0 1 11', true],
    ['score', '12.5 30 7', false],
  ])('%s with %s: taken %s', (name, words, taken) => {
    const offer = labelOffer(column(name, words), false);
    expect(offer.taken).toBe(taken);
    expect(offer.note === '').toBe(taken);
  });

  it('says why, with the values', () => {
    const note = (name: string, words: string): string => labelOffer(column(name, words), false).note;
    expect(note('days', '0 1')).toMatch(/“days”.*count/);
    expect(note('box', '1 _ 1 _ _')).toMatch(/“1” in 2 rows, and is blank in 3 rows.*not known/);
    expect(note('dx', 'a b b')).toMatch(/“a” in 1 row and “b” in 2 rows.*which of them means present/);
    expect(note('los', '3 10 4.5')).toMatch(/numbers from 3 to 10.*from which number/);
    expect(note('grade', 'none mild severe moderate')).toMatch(/“none” in 1 row, which may mean absent/);
  });

  it('suggests the reading of a pair with a normal word', () => {
    const offer = labelOffer(column('class', 'Pneumonia Normal Pneumonia'), false);
    expect(offer.reading).toEqual({ kind: 'values', present: ['Pneumonia'], absent: ['Normal'] });
  });
});

describe('readings of cells', () => {
  const valueOf = (cell: string, reading?: Parameters<typeof readLabelCell>[1]): unknown => {
    const read = readLabelCell(cell, reading);
    return read.kind === 'value' ? read.value : read.kind;
  };
  it('threshold: present from the number on, with point or comma', () => {
    const reading = { kind: 'threshold', atLeast: 30 } as const;
    expect(
      ['29.9', '30', '30,0', '1e3', '', 'NA', 'many', '−5'].map((cell) => valueOf(cell, reading)),
    ).toEqual([0, 1, 1, 1, 'missing', 'missing', 'unreadable', 0]);
  });

  it('values: in any case; a word of the reading wins over a word for nothing', () => {
    const reading = { kind: 'values', present: ['COVID-19', 'sars'], absent: ['None'] } as const;
    expect(['covid-19', 'SARS', 'none', 'unknown', 'MERS'].map((cell) => valueOf(cell, reading))).toEqual([
      1,
      1,
      0,
      'missing',
      'unreadable',
    ]);
  });

  it('words: a blank means absent only where that was said', () => {
    expect([valueOf(''), valueOf('', { kind: 'words', blank: 'absent' })]).toEqual(['missing', 0]);
    expect(valueOf('NA', { kind: 'words', blank: 'absent' })).toBe('missing');
  });
});

describe('columns as the split', () => {
  const find = (...columns: [name: string, words: string][]) =>
    findSplit(columns.map(([name, words]) => column(name, words)));

  it.each([
    ['split', 'train val test', { train: 'train', val: 'validation', test: 'test' }],
    ['split', 'train test external_test train', { train: 'train', test: 'test' }],
    ['fold', '0 1 2 0', {}],
    ['subset', 'A B A', {}],
    ['partition', 'train_val test', { train_val: 'trainValidation', test: 'test' }],
    ['usage', 'Training PublicTest PrivateTest', { Training: 'train' }],
    ['group', 'train holdout train', { train: 'train' }],
    ['is_test', '0 1 0', {}],
    ['Set', 'TRAIN SET', { TRAIN: 'train' }],
  ])('%s with %s is one', (name, words, values) => {
    const found = find([name, words], ['dx', '0 1 0']);
    expect(found.column).toBe(name);
    expect(found.values).toEqual(values);
  });

  it.each([
    ['dataset', 'CheXpert MIMIC'],
    ['dx', '0 1'],
    ['test_result', 'positive negative'],
    ['note', 'train'],
  ])('%s with %s is none', (name, words) => {
    expect(find([name, words])).toEqual({ column: null, values: {}, doubts: [] });
  });

  it('says a word about columns that are called so and are not taken', () => {
    const many = Array.from({ length: 40 }, (_, i) => `s${i}`).join(' ');
    expect(find(['set', many]).doubts[0]).toMatch(/“set”.*40 different values/);
    expect(find(['split', 'train train']).doubts[0]).toMatch(/only “train”/);
    expect(find(['split', 'train test'], ['fold', '0 1']).doubts[0]).toMatch(/“fold” may be a split too/);
  });

  it('leaves out the rows of rare slips, and asks about all else', () => {
    const slips = column('split', `${'train test '.repeat(20)}tset`);
    expect(findSplit([slips]).values).toEqual({ train: 'train', test: 'test', tset: 'leaveOut' });
    expect(splitValues(column('split', 'train test extra _'), { train: 'train', test: 'test' })).toEqual([
      { value: 'train', count: 1, meaning: 'train' },
      { value: 'test', count: 1, meaning: 'test' },
      { value: 'extra', count: 1, meaning: null },
    ]);
  });

  it.each([
    ['Train', 'train'],
    ['valid', 'validation'],
    ['train_val', 'trainValidation'],
    ['train+val', 'trainValidation'],
    ['Train and Val', 'trainValidation'],
    ['training set', 'train'],
    ['test_set', 'test'],
    ['retrain', null],
    ['external_test', null],
    ['0', null],
  ])('%s means %s', (word, meaning) => expect(readSplitCell(word)).toBe(meaning));
});

describe('columns of text', () => {
  const none = new FileIndex([], /\.txt$/i);
  const text = (name: string, sentence = 'The lungs are clear and the heart is of normal size.') =>
    columnValues(name, [sentence, `${sentence} No change.`]);

  it.each([
    [['indication', 'findings', 'impression'], 'findings', ['impression']],
    [['indication', 'comparison', 'impression'], 'impression', []],
    [['impression', 'report'], 'report', []],
    [['history', 'notes'], 'notes', []],
    [['reason_for_exam', 'technique'], null, []],
    [['Befund', 'Beurteilung'], 'Befund', ['Beurteilung']],
    [['something'], 'something', []],
  ])('%j: %s with %j', (names, report, parts) => {
    const found = findTexts(
      names.map((name) => text(name)),
      none,
    );
    expect([found.report, found.parts]).toEqual([report, parts]);
  });

  it('tells kinds apart', () => {
    const { kinds } = findTexts(
      ['report', 'impression', 'clinical_history', 'prior', 'memo'].map((name) => text(name)),
      none,
    );
    expect([...kinds.values()]).toEqual(['report', 'impression', 'reason', 'comparison', 'other']);
  });
});
