/** Pipelines by kernel, and which of them are told as slow. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kernelName, readPipelineTimes, slowLines, timesByKernel } from '../../src/cli/pipeline-times.ts';

const times = [
  { label: 'matMul tiled 64x64 [{"rows":1},1]', createMs: 100, firstMs: 400 },
  { label: 'matMul tiled 64x64 [{"rows":2},1]', createMs: 500, firstMs: 2500 },
  { label: 'film {"side":8}', createMs: 4, firstMs: 6 },
];

test.each([
  ['matMul tiled 64x64 [{"rows":1},1]', 'matMul tiled 64x64'],
  ['film {"side":8}', 'film'],
  ['pooling mean 2,24,24,4', 'pooling mean'],
  ['winograd filter gradient 8 4 4 1', 'winograd filter gradient'],
  ['Transpose', 'Transpose'],
  ['{"side":8}', '{"side":8}'],
  ['', ''],
])('"%s" is the kernel "%s"', (label, kernel) => expect(kernelName(label)).toBe(kernel));

test('sums by kernel, the one with the slowest pipeline first', () => {
  expect(timesByKernel(times)).toEqual([
    {
      kernel: 'matMul tiled 64x64',
      pipelines: 2,
      totalSeconds: 3.5,
      slowestSeconds: 3,
      slowest: 'matMul tiled 64x64 [{"rows":2},1]',
    },
    { kernel: 'film', pipelines: 1, totalSeconds: 0.01, slowestSeconds: 0.01, slowest: 'film {"side":8}' },
  ]);
});

test('names the slow ones only', () => {
  expect(slowLines(times)).toEqual([
    '3 pipelines were compiled in 4 s; these kernels have one that took more than 2 s:',
    '  3.0 s  matMul tiled 64x64 (slowest of 2: [{rows:2},1])',
  ]);
  expect(slowLines(times.slice(2))).toEqual(['1 pipelines were compiled in 0 s; none took more than 2 s.']);
});

test('reads what tests left, also where they left nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reading-room-times-'));
  const file = join(folder, 'pipelines.jsonl');
  expect(readPipelineTimes(file)).toEqual([]);
  writeFileSync(file, times.map((time) => `${JSON.stringify(time)}\n`).join(''));
  expect(readPipelineTimes(file)).toEqual(times);
  rmSync(folder, { recursive: true });
});
