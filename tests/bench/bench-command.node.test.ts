import { describe, expect, test } from 'vitest';
import { readBenchWords } from '../../src/cli/bench.ts';
import { InputError } from '../../src/errors.ts';
import { benchFile, type BenchRecord, type EngineRow, type ModelRow } from '../../src/bench/bench-file.ts';
import { asksFor } from '../../src/bench/bench-options.ts';
import { benchTables } from '../../src/bench/bench-table.ts';

const nothingAsked = {
  ...{ quick: false, dawn: false, pack: null, models: [], peers: true },
  parts: ['models', 'kernels', 'input', 'js'],
};

describe('words', () => {
  test.each([
    ['', {}],
    ['--quick', { quick: true }],
    ['--dawn --quick', { dawn: true, quick: true }],
    ['--profile', { parts: ['profile'] }],
    ['--only js,models', { parts: ['models', 'js'] }],
    ['--models vit,w16', { models: ['vit', 'w16'] }],
    ['--no-peers', { peers: false }],
    ['--pack /tmp/x', { pack: '/tmp/x' }],
  ])('"%s"', (words, changed) =>
    expect(readBenchWords(words.split(' ').filter(Boolean))).toEqual({ ...nothingAsked, ...changed }),
  );
  test.each([
    ['--quik', 'quik'],
    ['--only models,kernel', 'kernel'],
    ['--only ,', 'models'],
    ['--only js --profile', '--profile'],
    ['--pack=', '--pack'],
    ['quick', 'quick'],
  ])('"%s" is refused with a sentence', (words, part) => {
    expect(() => readBenchWords(words.split(' '))).toThrow(InputError);
    expect(() => readBenchWords(words.split(' '))).toThrow(part);
  });
});

describe('models', () => {
  const options = { ...nothingAsked, parts: [] };
  const large = { name: 'ResNet-18 w64', quick: false };
  test('all', () => expect(asksFor(options, large)).toBe(true));
  test('quick leaves large ones out', () => expect(asksFor({ ...options, quick: true }, large)).toBe(false));
  test('a name wins over quick', () =>
    expect(asksFor({ ...options, quick: true, models: ['W64'] }, large)).toBe(true));
  test('other names', () => expect(asksFor({ ...options, models: ['vit'] }, large)).toBe(false));
});

describe('bench.json', () => {
  const spread = { median: 12.34, low: 11, high: 14, count: 3 };
  const engine: EngineRow = {
    ...{ ms: spread, firstStepMs: 50, dispatches: 140, submits: 1, jsMs: null, peakBytes: 2e6 },
    ...{ gradientError: null, gradientsAgree: null, losses: [1] },
  };
  const row: ModelRow = {
    ...{
      model: 'small',
      architecture: { kind: 'probe', dimensions: 2 },
      batch: 16,
      parameters: 3,
      gflop: 1,
      ms: 12.34,
      gflopPerSecond: 81,
    },
    ...{ ratioToStock: 12.34, ratioToStockSpread: spread, ratioToJax: 5.6 },
    ...{
      ratioToJaxSpread: { ...spread, median: 5.6 },
      dispatches: 140,
      submits: 1,
      jsMs: null,
      peakBytes: 2e6,
    },
    ...{ ours: engine, stock: engine, jax: { ...engine, gradientError: 0.7, gradientsAgree: false } },
    notes: ['a word'],
  };
  const records: BenchRecord[] = [
    { kind: 'place', row: { adapter: 'a card', runtime: 'Node' } },
    { kind: 'model', row },
    { kind: 'js', row: { model: 'small', engine: 'ours', ms: 0.5 } },
    { kind: 'js', row: { model: 'small', engine: 'stock', ms: 99 } },
    { kind: 'js', row: { model: 'another', engine: 'jax', ms: 7 } },
  ];
  const about = { createdAt: '2026-01-01', machine: 'a machine', quick: true, versions: {} };
  const bench = benchFile(records, about);

  test('JavaScript times find their model and engine', () => {
    const [model] = bench.models;
    expect([model?.jsMs, model?.ours.jsMs, model?.stock?.jsMs, model?.jax?.jsMs]).toEqual([
      0.5,
      0.5,
      99,
      null,
    ]);
  });
  test('JavaScript times of models that were not timed otherwise have a table of their own', () => {
    expect(bench.javaScript).toHaveLength(3);
    expect(benchTables(bench).filter((line) => line.startsWith('another'))).toEqual([
      expect.stringMatching(/^another\s+jax\s+7\.00$/),
    ]);
  });
  test('names adapter, machine and runtime', () =>
    expect(bench).toMatchObject({ ...about, adapter: 'a card', runtime: 'Node' }));
  test('the table shows ratios with their spread, marks wrong gradients and gives reasons', () => {
    const text = benchTables(bench).join('\n');
    expect(text).toContain('12.3 (11.0 to 14.0)');
    expect(text).toContain('5.60 (11.0 to 14.0) wrong gradients!');
    expect(text).toContain('0.500 / 99.0 / ?');
    expect(text).toContain('small: a word');
    expect(text.match(/wrong gradients/g)).toHaveLength(1);
  });
  test('a profile names kernels in words and leaves small ones out', () => {
    const one = { model: 'small', dispatches: 2, ms: 5, share: 0.5, gbPerSecond: 1 };
    const kernels = ['matMul [{"rows":512,"transposeA":true,"shared":false}]', 'tiny'];
    const rows = kernels.map((kernel, i) => ({ ...one, kernel, share: i === 0 ? 0.5 : 0.001 }));
    const text = benchTables(
      benchFile(
        rows.map((row) => ({ kind: 'profile', row })),
        about,
      ),
    ).join('\n');
    expect(text).toContain('matMul rows 512 transposeA ');
    expect(text).toContain('50.0 %');
    expect(text).not.toContain('tiny');
  });
  test('an empty bench has no sections', () => expect(benchTables(benchFile([], about))).toHaveLength(1));
});
