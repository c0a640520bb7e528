/**
 * `npm run bench`: our kernels and steps against TensorFlow.js's own, turn by turn in one page, as ratios. Times of one machine say little;
 * ratios of one run say what the kernels are worth there.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchFileVariable, type BenchRow } from '../../tests/bench/record.ts';
import { InputError } from '../errors.ts';
import { findChromium } from './chromium.ts';
import { repositoryRoot } from './repository.ts';
import { runVitestWords } from './suites.ts';

/** What a quick bench measures: whole steps and one product, minutes on two cores. */
const quickNames = 'steps|matmul';

/** bench.json: the machine, the adapter, the rows. */
interface BenchFile {
  readonly createdAt: string;
  readonly machine: string;
  readonly adapter: string;
  readonly rows: readonly BenchRow[];
}

/** Runs the benches, prints a table and writes bench.json. @returns the exit code. @throws InputError for options it does not know. */
export async function run(words: readonly string[]): Promise<number> {
  const options = {
    quick: { type: 'boolean', default: false },
    dawn: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args: [...words], options });
  if (values.dawn)
    throw new InputError(
      'bench: --dawn (the engine in Node on Dawn) is not built yet; without it the bench runs in Chromium.',
    );
  await findChromium((line) => console.log(line));
  const { exitCode, records } = await measure(values.quick ? ['-t', quickNames] : []);
  const bench = benchFile(records);
  for (const line of benchTable(bench)) console.log(line);
  writeFileSync(join(repositoryRoot, 'bench.json'), `${JSON.stringify(bench, null, 2)}\n`);
  console.log('Written to bench.json.');
  return exitCode === 0 && bench.rows.length > 0 ? 0 : 1;
}

async function measure(words: readonly string[]): Promise<{ exitCode: number; records: unknown[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'reading-room-bench-'));
  const file = join(folder, 'rows.jsonl');
  writeFileSync(file, '');
  try {
    const config = ['run', '--config', 'tests/bench/vitest.config.ts', '--reporter=dot'];
    const exitCode = await runVitestWords([...config, ...words], { [benchFileVariable]: file });
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    return { exitCode, records: lines.map((line) => JSON.parse(line) as unknown) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function benchFile(records: readonly unknown[]): BenchFile {
  const adapters = records.filter((record) => 'adapter' in (record as object)) as { adapter: string }[];
  const processor = cpus()[0]?.model ?? 'unknown processor';
  return {
    createdAt: new Date().toISOString(),
    machine: `${processor}, ${cpus().length} cores, ${process.platform}`,
    adapter: adapters[0]?.adapter ?? 'unknown',
    rows: records.filter((record) => 'name' in (record as object)) as BenchRow[],
  };
}

/** The table as lines: medians, the ratio with its spread, dispatches. */
export function benchTable({ machine, adapter, rows }: BenchFile): string[] {
  const number = (value: number, digits = 1): string => value.toFixed(digits).padStart(9);
  return [
    `${machine}; ${adapter}`,
    `${'what'.padEnd(36)}  stock ms    ours ms      ratio (least to most)      dispatches, stock and ours`,
    ...rows.map(
      (row) =>
        `${row.name.padEnd(36)}${number(row.stockMs)}  ${number(row.oursMs)}  ${number(row.ratioToStock)} (${row.ratioLow.toFixed(1)} to ${row.ratioHigh.toFixed(1)})`.padEnd(
          88,
        ) + `${row.stockDispatches} → ${row.dispatches}`,
    ),
  ];
}
