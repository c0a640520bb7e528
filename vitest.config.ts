import { existsSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import type { BrowserCommand } from 'vitest/node';
import { readCase } from './tests/fixtures/cases.ts';
import { readReferenceFile, readTextEncoderFile } from './src/cli/reference-files.ts';

const chromium = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path),
);

const provider = playwright({
  launchOptions: {
    ...(chromium ? { executablePath: chromium } : {}),
    args: [
      // Only root, who cannot have a sandbox, goes without one.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--enable-unsafe-webgpu',
      '--use-webgpu-adapter=swiftshader',
      '--enable-unsafe-swiftshader',
      '--disable-background-networking',
      '--no-first-run',
    ],
  },
});

const readReference: BrowserCommand<[path: string]> = (_context, path) => readReferenceFile(path);
const readTextEncoder: BrowserCommand<[path: string]> = (_context, path) => readTextEncoderFile(path);
const readCaseFiles: BrowserCommand<[name: string, part?: string]> = (_context, name, part) =>
  readCase(name, part);

// Node tests: *.node.test.ts (pure logic). Browser tests: *.browser.test.ts (tensors on cpu and webgpu, workers, storage, components).
// Driver tests: the browser tests that need nothing of a browser but WebGPU, in Node on another driver, and *.driver.test.ts.
export default defineConfig({
  plugins: [svelte()],
  worker: { format: 'es' },
  // Two suites at once keep their caches apart.
  cacheDir: process.env['LAB_TEST_CACHE'] ?? '.vite',
  optimizeDeps: {
    include: [
      '@tensorflow/tfjs',
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-core/dist/register_all_gradients',
      '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops',
      '@tensorflow/tfjs-backend-webgpu',
      '@tensorflow/tfjs-backend-cpu',
      'axe-core',
      'comlink',
      'd3-scale',
      'd3-shape',
      'fast-check',
      'fast-png',
      'hucre/xlsx',
      'idb-keyval',
      'papaparse',
      'uplot',
      'valibot',
    ],
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['tests/**/*.node.test.ts'],
          exclude: ['tests/e2e/**'],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['tests/**/*.browser.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider,
            instances: [{ browser: 'chromium' }],
            commands: {
              readReferenceFile: readReference,
              readTextEncoderFile: readTextEncoder,
              readCase: readCaseFiles,
            },
          },
        },
      },
      {
        extends: true,
        test: {
          name: 'driver',
          environment: 'node',
          include: [
            'tests/**/*.driver.test.ts',
            'tests/{kernels,tensors}/**/*.browser.test.ts',
            'tests/models/{hardware-settings,vit-program}.browser.test.ts',
            'tests/reference/models.browser.test.ts',
          ],
          setupFiles: ['tests/driver/setup.ts'],
          env: { LAB_BACKENDS: 'webgpu' },
          pool: 'forks',
          fileParallelism: false,
          // A driver on the processor compiles a shader for seconds.
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['tests/e2e/**/*.e2e.test.ts'],
          testTimeout: 1_200_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
