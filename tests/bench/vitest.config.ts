/** Runs the benches in the browser project's Chromium: npx vitest run --config tests/bench/vitest.config.ts */
import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

const browser = base.test!.projects!.find(
  (project) => typeof project === 'object' && 'test' in project && project.test?.name === 'browser',
) as { test: { browser: object } };

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  worker: { format: 'es' },
  cacheDir: '.vite',
  optimizeDeps: base.optimizeDeps!,
  test: {
    name: 'bench',
    include: ['tests/bench/*.browser.ts'],
    testTimeout: 900_000,
    browser: browser.test.browser,
  },
});
