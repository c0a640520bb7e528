/**
 * bench.json as tables for people.
 */
import type { BenchFile, EngineRow, ModelRow } from './bench-file.ts';
import type { Spread } from './statistics.ts';

/** All tables as lines; parts without rows are left out. */
export function benchTables(bench: BenchFile): string[] {
  return [
    `${bench.machine}; ${bench.adapter}; ${bench.runtime}; ${bench.createdAt}${bench.quick ? '; quick' : ''}`,
    ...section(
      'Training steps: medians of paired ratios (least to most), peers beside ours',
      modelTable(bench),
    ),
    ...section('Kernels', kernelTable(bench)),
    ...section('Profile of a step, each dispatch alone', profileTable(bench)),
    ...section(
      'Rates',
      bench.rates.map(({ what, value, unit, note }) => [what, short(value), unit, note]),
    ),
    ...section('JavaScript of a step where no device works, ms', javaScriptTable(bench)),
    ...bench.models.flatMap(({ model, notes }) => notes.map((note) => `${model}: ${note}`)),
  ];
}

/** Left out where the models' own table says the same. */
function javaScriptTable({ models, javaScript }: BenchFile): string[][] {
  const rows = javaScript.filter(({ model }) => !models.some((row) => row.model === model));
  return rows.map(({ model, engine, ms }) => [model, engine, short(ms)]);
}

function modelTable({ models }: BenchFile): string[][] {
  if (models.length === 0) return [];
  const head = [
    'model',
    'batch',
    'GFLOP',
    'ours ms',
    'GFLOP/s',
    '× stock',
    '× jax-js',
    'dispatches',
    'submits',
    'JS ms',
    'peak MB',
  ];
  return [head, ...models.map(modelCells)];
}

function modelCells(row: ModelRow): string[] {
  const { ours, stock, jax } = row;
  const three = (cell: (engine: EngineRow) => string): string =>
    [ours, stock, jax].map((engine) => (engine ? cell(engine) : '–')).join(' / ');
  return [
    row.model,
    String(row.batch),
    short(row.gflop),
    short(row.ms),
    short(row.gflopPerSecond),
    ratioCell(row.ratioToStockSpread, stock),
    ratioCell(row.ratioToJaxSpread, jax),
    three(({ dispatches }) => String(dispatches)),
    three(({ submits }) => String(submits)),
    three(({ jsMs }) => (jsMs === null ? '?' : short(jsMs))),
    three(({ peakBytes }) => short(peakBytes / 1e6)),
  ];
}

/** "12.3 (11.9 to 13.0)", with a mark where the peer's gradients are wrong. */
function ratioCell(ratio: Spread | null, peer: EngineRow | null): string {
  if (!ratio || !peer) return '–';
  const mark = peer.gradientsAgree === false ? ' wrong gradients!' : '';
  return `${short(ratio.median)} (${short(ratio.low)} to ${short(ratio.high)})${mark}`;
}

function kernelTable({ kernels }: BenchFile): string[][] {
  if (kernels.length === 0) return [];
  return [
    ['kernel', 'ms', 'dispatches', 'GFLOP/s', 'GB/s', 'clock'],
    ...kernels.map((row) => [
      row.kernel,
      row.ms.toPrecision(3),
      String(row.dispatches),
      short(row.gflopPerSecond),
      short(row.gbPerSecond),
      row.clock,
    ]),
  ];
}

/** Kernels with a smaller share of a step are left to bench.json. */
const leastShare = 0.01;

function profileTable({ profile }: BenchFile): string[][] {
  if (profile.length === 0) return [];
  return [
    ['kernel', 'model', 'dispatches', 'ms', 'share', 'GB/s'],
    ...profile
      .filter(({ share }) => share >= leastShare)
      .map((row) => [
        kernelWords(row.kernel),
        row.model,
        String(row.dispatches),
        row.ms.toPrecision(3),
        `${(100 * row.share).toFixed(1)} %`,
        short(row.gbPerSecond),
      ]),
  ];
}

/** A kernel's key without its punctuation and what is false in it, cut to a line. */
function kernelWords(key: string): string {
  const words = key
    .replaceAll(/"\w+":(false|null),?/g, '')
    .replaceAll(/[{}"[\]]/g, ' ')
    .replaceAll(/:true/g, '')
    .replaceAll(/[,:]/g, ' ')
    .replaceAll(/ +/g, ' ')
    .trim();
  return words.length > 110 ? `${words.slice(0, 109)}…` : words;
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ['', title, ...aligned(rows)];
}

/** Columns as wide as their widest cell, the first to the left, the others to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}

/** Three figures, no exponent. */
function short(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return value.toFixed(size >= 1 ? 2 : 3);
}
