/** Runs the bench in the browser project's Chromium; started by `npm run bench`. */
import { defineConfig } from 'vitest/config';
import type { BrowserCommand } from 'vitest/node';
import base from '../../vitest.config.ts';
import type { BenchOptions } from './bench-options.ts';
import type { BenchRecord } from './bench-file.ts';
import { appendRecord, benchOptionsVariable } from './record.ts';

const browser = base.test!.projects!.find(
  (project) => typeof project === 'object' && 'test' in project && project.test?.name === 'browser',
) as { test: { browser: object } };

const recordBench: BrowserCommand<[record: BenchRecord]> = (_context, record) => appendRecord(record);
const benchOptions: BrowserCommand<[]> = () =>
  JSON.parse(process.env[benchOptionsVariable] ?? '{}') as BenchOptions;
const sayBench: BrowserCommand<[line: string]> = (_context, line) => void process.stderr.write(`${line}\n`);

/** Vitest’s settings for the bench: one browser, one file at a time. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  worker: { format: 'es' },
  cacheDir: '.vite',
  // If Vite found a package while the page runs, it would reload the page in the middle of a measurement.
  optimizeDeps: { include: [...base.optimizeDeps!.include!, '@jax-js/jax'] },
  test: {
    name: 'bench',
    include: ['src/bench/*.browser.ts', 'tests/kernels/*.browser.ts'],
    testTimeout: 7_200_000,
    browser: { ...browser.test.browser, commands: { recordBench, benchOptions, sayBench } },
  },
});
