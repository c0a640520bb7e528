/**
 * The bench in Node on Dawn: one bundle of TensorFlow.js, jax-js, our engine and the models, run in a process of its own.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { dawnFile } from './dawn-file.ts';
import { repositoryRoot } from './repository.ts';

/** The bundle that measures. */
export const bundleName = 'bench.mjs';
/** The bundle that makes tables and bench.json of what was measured. */
export const reportName = 'report.mjs';

/** SwiftShader and a Vulkan loader as Chromium brings them, for machines without a Vulkan driver. */
const chromiumFolder = '/usr/lib/chromium';
const softwareDriver = `${chromiumFolder}/vk_swiftshader_icd.json`;

/** Writes both bundles into a folder, each a file that needs nothing else. */
export async function writeBundle(folder: string): Promise<void> {
  await bundle('dawn-bench.ts', folder, bundleName);
  await bundle('dawn-report.ts', folder, reportName);
}

/** One bundle: the gradients must be registered in the same copy of TensorFlow.js that the models use. */
async function bundle(entry: string, folder: string, name: string): Promise<void> {
  await build({
    configFile: false,
    root: repositoryRoot,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true, target: 'node' },
    resolve: { mainFields: ['module', 'main'] },
    build: {
      ssr: join(repositoryRoot, 'src', 'bench', entry),
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      target: 'node20',
      rolldownOptions: { output: { format: 'es', entryFileNames: name, codeSplitting: false } },
    },
  });
}

/**
 * Bundles and runs the bench. @param on a device, or nothing: Dawn's null backend, where only JavaScript takes time.
 * @returns the exit code.
 */
export async function runOnDawn(
  environment: Readonly<Record<string, string>>,
  on: 'device' | 'nothing' = 'device',
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'reading-room-dawn-'));
  try {
    await writeBundle(folder);
    return await runNode(join(folder, bundleName), {
      ...environment,
      ...driver(),
      DAWN_NODE: dawnFile(),
      DAWN_FLAGS: on === 'nothing' ? 'backend=null' : '',
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The driver that is named, that the machine has, or the software one. */
function driver(): Record<string, string> {
  const named = process.env['VK_ICD_FILENAMES'] ?? process.env['VK_DRIVER_FILES'];
  const hasDevice = existsSync('/dev/dri') || existsSync('/dev/nvidia0');
  if (named || hasDevice || !existsSync(softwareDriver)) return {};
  // A machine without a driver often has no loader either; Chromium's stands beside its driver.
  const libraries = [process.env['LD_LIBRARY_PATH'], chromiumFolder].filter(Boolean).join(':');
  return { VK_ICD_FILENAMES: softwareDriver, LD_LIBRARY_PATH: libraries };
}

function runNode(file: string, environment: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [file], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
}
