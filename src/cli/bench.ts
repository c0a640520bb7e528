/**
 * `npm run bench`: our steps and kernels against those of TensorFlow.js and jax-js, turn by turn in one process, as ratios. Times of one
 * machine mean little on another; ratios within one run are comparable.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchFile, type BenchFile, type BenchRecord } from '../bench/bench-file.ts';
import { benchParts, readBenchFlags, type BenchCommand, type BenchOptions } from '../bench/bench-options.ts';
import { machineName, readRecords } from '../bench/bench-machine.ts';
import { benchTables } from '../bench/bench-table.ts';
import { benchFileVariable, benchOptionsVariable } from '../bench/record.ts';
import { runOnDawn } from './bench-dawn.ts';
import { writePack } from './bench-pack.ts';
import { findChromium } from './chromium.ts';
import { helpText, readWords } from './command-words.ts';
import { repositoryRoot } from './repository.ts';
import { runVitestWords } from './suites.ts';

const options = {
  quick: { type: 'boolean', says: 'the main models only, within ten minutes on two cores' },
  dawn: { type: 'boolean', says: 'in Node on Dawn, without a browser' },
  only: { type: 'string', takes: 'PARTS', says: `some of ${benchParts.join(', ')}` },
  models: { type: 'string', takes: 'NAMES', says: 'models with one of these words in their names' },
  profile: { type: 'boolean', says: 'how long each kernel of a step takes: --only profile' },
  peers: { type: 'boolean', says: '--no-peers: our engine only' },
  pack: {
    type: 'string',
    takes: 'DIR',
    says: 'write a bundle for a Linux machine with a Vulkan driver, and run nothing',
  },
} as const;

/** What --help prints. */
export const help = helpText(
  'npm run bench --',
  'Measures training steps and kernels against stock TensorFlow.js and jax-js, as ratios in one run, and writes bench.json.',
  options,
);

/** Runs the bench, prints tables and writes bench.json. @returns the exit code. @throws InputError for options it does not know. */
export async function run(words: readonly string[]): Promise<number> {
  const command = readBenchWords(words);
  const versions = versionsOf('@tensorflow/tfjs-core', '@jax-js/jax', 'webgpu');
  if (command.pack !== null) {
    const bytes = await writePack(command.pack, versions, (line) => console.log(line));
    console.log(`${command.pack}: ${(bytes / 2 ** 20).toFixed(1)} MiB; sh run.sh there runs it.`);
    return 0;
  }
  if (command.parts.includes('intake')) measureIntake();
  const rest = { ...command, parts: command.parts.filter((part) => part !== 'intake') };
  if (rest.parts.length === 0) return 0;
  const { exitCode, records } = await measure(rest);
  const bench = benchFile(records, {
    createdAt: new Date().toISOString(),
    machine: machineName(),
    quick: command.quick,
    versions,
  });
  if (!hasRows(bench)) {
    console.error('bench: nothing was measured; bench.json stays as it was.');
    return 1;
  }
  for (const line of benchTables(bench)) console.log(line);
  writeFileSync(join(repositoryRoot, 'bench.json'), `${JSON.stringify(bench, null, 2)}\n`);
  console.log('\nWritten to bench.json.');
  return exitCode === 0 ? 0 : 1;
}

/** The command that words ask for. @throws InputError for words it does not know. */
export function readBenchWords(words: readonly string[]): BenchCommand {
  return readBenchFlags(readWords('bench', words, options));
}

/** Everything but JavaScript's times in Chromium or on Dawn; those always on Dawn's null backend, in a process of their own. */
async function measure(command: BenchCommand): Promise<{ exitCode: number; records: BenchRecord[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'reading-room-bench-'));
  const file = join(folder, 'rows.jsonl');
  writeFileSync(file, '');
  const environment = (options: BenchOptions): Record<string, string> => ({
    [benchFileVariable]: file,
    [benchOptionsVariable]: JSON.stringify(options),
  });
  const partly = (js: boolean): BenchOptions => ({
    ...command,
    parts: command.parts.filter((part) => (part === 'js') === js),
  });
  const [device, javaScript] = [partly(false), partly(true)];
  try {
    let exitCode = 0;
    if (device.parts.length > 0) {
      exitCode = await (command.dawn ? runOnDawn(environment(device)) : runInChromium(environment(device)));
    }
    if (javaScript.parts.length > 0) exitCode ||= await runOnDawn(environment(javaScript), 'nothing');
    return { exitCode, records: readRecords(file) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Large folders and hostile tables, each in a process of its own, for the sake of its peak of memory; the lines are printed as they come. */
function measureIntake(): void {
  const script = join(repositoryRoot, 'src/bench/measure-intake.mjs');
  spawnSync(process.execPath, [script], { stdio: 'inherit' });
}

async function runInChromium(environment: Readonly<Record<string, string>>): Promise<number> {
  await findChromium((line) => console.log(line));
  return runVitestWords(
    ['run', '--config', 'src/bench/vitest.config.ts', '--reporter=dot', 'bench.browser'],
    environment,
  );
}

function versionsOf(...names: readonly string[]): Record<string, string> {
  const read = (name: string): string =>
    readFileSync(join(repositoryRoot, 'node_modules', name, 'package.json'), 'utf8');
  return Object.fromEntries(
    names.map((name) => [name, (JSON.parse(read(name)) as { version: string }).version]),
  );
}

function hasRows({ models, kernels, profile, rates, javaScript }: BenchFile): boolean {
  return models.length + kernels.length + profile.length + rates.length + javaScript.length > 0;
}
