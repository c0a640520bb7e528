/** Runs the benches in the browser project's Chromium; started by `npm run bench`. */
import { defineConfig } from 'vitest/config';
import type { BrowserCommand } from 'vitest/node';
import base from '../../vitest.config.ts';
import { appendRecord, type BenchRow } from './record.ts';

const browser = base.test!.projects!.find(
  (project) => typeof project === 'object' && 'test' in project && project.test?.name === 'browser',
) as { test: { browser: object } };

const recordBench: BrowserCommand<[row: BenchRow]> = (_context, row) => appendRecord(row);
const recordAdapter: BrowserCommand<[adapter: string]> = (_context, adapter) => appendRecord({ adapter });

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  worker: { format: 'es' },
  cacheDir: '.vite',
  optimizeDeps: base.optimizeDeps!,
  test: {
    name: 'bench',
    include: ['tests/bench/*.browser.ts'],
    testTimeout: 900_000,
    browser: { ...browser.test.browser, commands: { recordBench, recordAdapter } },
  },
});
