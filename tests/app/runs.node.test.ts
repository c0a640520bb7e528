/** Finding, grouping and comparing runs, and looking at their mistakes, as the Runs page does. */
import { describe, expect, it } from 'vitest';
import { overlaySeries } from '../../src/app/runs/overlaid-series.ts';
import { compareConfigs } from '../../src/app/runs/config-difference.ts';
import { resultDeletionSentences, studyDeletionSentences } from '../../src/app/runs/deletion-words.ts';
import {
  outcomeOf,
  predictionRows,
  predictionsTable,
  thresholdOf,
} from '../../src/app/runs/prediction-rows.ts';
import {
  choicesOf,
  filterLines,
  filterOf,
  groupingOf,
  pinnedFirst,
  withQuery,
} from '../../src/app/runs/run-filter.ts';
import { groupLines } from '../../src/app/runs/run-groups.ts';
import { hashOf, parseHash } from '../../src/app/route.ts';
import type { RunLine } from '../../src/app/shared/run-lines.ts';
import type { CohortRow } from '../../src/cohort/cohort.ts';

const line = (id: string, change: Partial<RunLine> = {}): RunLine => ({
  id,
  state: 'done',
  kind: 'run',
  arms: ['imageOnly'],
  label: 'effusion',
  tuning: 'linearProbe',
  encoder: 'resnet',
  pretraining: 'none',
  trainingSize: 100,
  seed: 1,
  weightDecay: 0.1,
  lambda: null,
  temperature: null,
  validationAuroc: 0.7,
  ...change,
});
const lines = [
  line('features', {
    kind: 'features',
    label: null,
    tuning: null,
    trainingSize: null,
    validationAuroc: null,
  }),
  line('base', { arms: ['imageOnly', 'selfDistilled'] }),
  line('base2', { seed: 2, validationAuroc: 0.8 }),
  line('student', { arms: ['student'], lambda: 0.5, temperature: 2, trainingSize: 'all', seed: 10 }),
  line('running', { arms: ['student'], state: 'running', validationAuroc: 0.99 }),
];
const ids = (found: readonly RunLine[]): string[] => found.map(({ id }) => id);
const found = (address: string): string[] => ids(filterLines(lines, filterOf(parseHash(address).query)));

describe('a filter', () => {
  it.each([
    ['#/runs', ['features', 'base', 'base2', 'student', 'running']],
    ['#/runs?arm=selfDistilled', ['base']],
    ['#/runs?arm=student&state=done', ['student']],
    ['#/runs?kind=features', ['features']],
    ['#/runs?n=all', ['student']],
    ['#/runs?n=100&seed=1', ['base', 'running']],
    ['#/runs?seed=1&label=effusion', ['base', 'running']],
    ['#/runs?label=pneumonia', []],
    ['#/runs?q=SELF-distilled', ['base']],
    ['#/runs?q=student+all patients', ['student']],
    ['#/runs?smoke=1&run=base', ['features', 'base', 'base2', 'student', 'running']],
  ])('of the address %s', (address, expected) => expect(found(address)).toEqual(expected));

  it('searches notes too', () => {
    const note = (id: string): string => (id === 'base2' ? 'Strange dip at step 20' : '');
    expect(ids(filterLines(lines, filterOf({ q: 'strange DIP' }), note))).toEqual(['base2']);
  });

  it('leaves what it does not know in the address, and takes out what is empty', () => {
    const query = withQuery({ smoke: '1', arm: 'student', q: 'x' }, { arm: '', label: 'a & b' });
    expect(parseHash(hashOf('runs', query)).query).toEqual({ smoke: '1', q: 'x', label: 'a & b' });
  });

  it('offers the values that occur, numbers by size with all last', () => {
    const choices = choicesOf([
      line('a', { trainingSize: 'all' }),
      ...lines,
      line('b', { trainingSize: 30 }),
    ]);
    expect(choices.n).toEqual(['30', '100', 'all']);
    expect(choices.seed).toEqual(['1', '2', '10']);
    expect(choices.arm).toEqual(['imageOnly', 'selfDistilled', 'student']);
  });

  it('puts pinned lines first and keeps the order of the others', () => {
    expect(ids(pinnedFirst(lines, (id) => id === 'student'))).toEqual([
      'student',
      'features',
      'base',
      'base2',
      'running',
    ]);
  });
});

describe('groups', () => {
  it('are read from the address in the order of the axes', () => {
    expect(groupingOf({ group: 'seed,arm,nothing' })).toEqual(['arm', 'seed']);
    expect(groupingOf({})).toEqual([]);
  });

  it('have the mean, SD and range of finished training runs only', () => {
    const [features, group] = groupLines(
      [lines[0]!, line('a'), line('b', { validationAuroc: 0.8 }), line('c', { validationAuroc: 0.9 })],
      ['kind', 'n'],
    );
    expect(features).toMatchObject({
      values: ['features', '–'],
      done: 1,
      measured: 0,
      mean: null,
      low: null,
    });
    expect(group).toMatchObject({
      values: ['training run', '100 patients'],
      measured: 3,
      low: 0.7,
      high: 0.9,
    });
    // By hand: deviations −0.1, 0, 0.1; variance 0.02 / 2.
    expect(group!.mean).toBeCloseTo(0.8, 12);
    expect(group!.standardDeviation).toBeCloseTo(0.1, 12);
  });

  it('take no number from runs in progress or whose AUROC is undefined', () => {
    const groups = groupLines([lines[4]!, lines[3]!, line('u', { validationAuroc: null })], ['kind']);
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({ done: 2, measured: 1, mean: 0.7, standardDeviation: null });
  });

  it('hold every line once', () => {
    const all = groupLines(lines, ['arm', 'seed']).flatMap((group) => ids(group.lines));
    expect(all.sort()).toEqual(ids(lines).sort());
  });
});

describe('two configurations', () => {
  it('are compared value by value', () => {
    const left = { name: 'a', training: { rate: 0.1, steps: 10 }, list: [1, 2], none: null };
    const right = { name: 'a', training: { rate: 0.2, steps: 10 }, list: [1], none: {} };
    expect(compareConfigs(left, right).filter(({ equal }) => !equal)).toEqual([
      { path: 'training.rate', left: '0.1', right: '0.2', equal: false },
      { path: 'list[1]', left: '2', right: null, equal: false },
      { path: 'none', left: 'null', right: '{}', equal: false },
    ]);
    expect(compareConfigs(left, left).every(({ equal }) => equal)).toBe(true);
    expect(compareConfigs({}, { only: 'right' }).at(-1)).toMatchObject({ path: 'only', left: null });
  });

  it('are overlaid on the steps of both', () => {
    const point = (step: number, trainingLoss: number) => ({
      step,
      trainingLoss,
      learningRate: 1,
      gradientNorm: 1,
    });
    const { steps, left, right } = overlaySeries(
      [point(1, 0.9), point(3, 0.5)],
      [point(2, 0.8), { ...point(3, 0.4), validationAuroc: 0.6 }],
    );
    expect(steps).toEqual([1, 2, 3]);
    expect(left.trainingLoss).toEqual([0.9, null, 0.5]);
    expect(right.trainingLoss).toEqual([null, 0.8, 0.4]);
    expect(right.validationAuroc).toEqual([null, null, 0.6]);
  });
});

describe('predictions', () => {
  const row = (index: number, truth: 0 | 1 | null, split: CohortRow['split'] = 'validation'): CohortRow => ({
    index,
    imageId: `f${index}`,
    patientId: `p${index}`,
    report: '',
    labels: [null, truth],
    split,
    groups: {},
  });
  const rows = [row(0, 1), row(1, 0), row(2, null), row(3, 1), row(4, 1, 'test')];
  // Logits −ln 3, 0 and ln 3 are the probabilities 1/4, 1/2 and 3/4.
  const predicted = { rows: [3, 2, 1, 0], logits: [Math.log(3), 5, 0, -Math.log(3)] };

  it('stand with the worst error first; films without the label are left out', () => {
    const table = predictionRows(predicted, 'validation', 1, rows);
    expect(table.map(({ row: { imageId } }) => imageId)).toEqual(['f0', 'f1', 'f3']);
    expect(table.map(({ error }) => Number(error.toFixed(9)))).toEqual([0.75, 0.5, 0.25]);
    expect(table.map((one) => outcomeOf(one, 0.5))).toEqual([
      'falseNegative',
      'falsePositive',
      'truePositive',
    ]);
    expect(table.map((one) => outcomeOf(one, 0.51))[1]).toBe('trueNegative');
    expect(predictionsTable(table, 'effusion', 0.5)[1]).toEqual([
      'f0',
      'p0',
      'validation',
      1,
      table[0]!.probability,
      table[0]!.error,
      'false negative',
    ]);
  });

  it('choose no threshold with one class', () => {
    expect(thresholdOf(predictionRows(predicted, 'validation', 1, rows))).toBeCloseTo(0.75, 12);
    expect(thresholdOf([])).toBeNull();
  });

  it('of another side are refused', () => {
    expect(() => predictionRows({ rows: [4], logits: [0] }, 'validation', 1, rows)).toThrow(/row 4/);
  });
});

describe('a deletion says', () => {
  it('what goes with a study, and what stays for whom', () => {
    const counts = { results: 1200, features: 1, weights: 0, sizeBytes: 2_500_000 };
    expect(studyDeletionSentences({ ...counts, resultsKept: 3, keptBy: ['Large'] })).toEqual([
      'What goes: 1\u202f200 results, 1 set of features and the notes; 2.5 MB in all.',
      'What stays: 3 results that another study uses too (Large).',
    ]);
  });

  it('what stands on a result', () => {
    const jobs = ['base', 'student', 'elsewhere'];
    const [goes, others] = resultDeletionSentences(
      { jobs, sizeBytes: 10, otherStudies: ['B'] },
      lines,
      'base',
    );
    expect(goes).toContain('2 finished jobs that depend on it (1 × Student of image + report); 10 B');
    expect(others).toContain('B');
  });
});
