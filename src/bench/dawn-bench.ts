/**
 * The bench in Node on Dawn: reads its options from BENCH_OPTIONS and writes rows to the file that `record.ts` names.
 */
import './dawn-globals.ts';
import { spawnSync } from 'node:child_process';
import { benchModels } from './bench-models.ts';
import { asksFor, type BenchOptions } from './bench-options.ts';
import { appendRecord } from './record.ts';
import { runBench } from './run-bench.ts';

const options = JSON.parse(process.env['BENCH_OPTIONS']!) as BenchOptions;
const models = benchModels.filter((model) => asksFor(options, model));
if (options.parts.every((part) => part === 'js') && models.length > 1) {
  process.exit(Math.max(...models.map(({ name }) => inOwnProcess(name))));
}
await runBench(options, `Node ${process.versions.node}, Dawn`, {
  record: (record) => Promise.resolve(appendRecord(record)),
  say: (line) => process.stderr.write(`${line}\n`),
});
process.exit(0); // Dawn's own threads keep Node alive

/** Dawn's null backend has little memory, and not every engine frees its buffers. @returns the exit code */
function inOwnProcess(model: string): number {
  const own: BenchOptions = { ...options, models: [model] };
  const env = { ...process.env, BENCH_OPTIONS: JSON.stringify(own) };
  return spawnSync(process.execPath, process.argv.slice(1), { env, stdio: 'inherit' }).status ?? 1;
}
