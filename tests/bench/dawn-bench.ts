/**
 * The bench in Node on Dawn: reads its options from BENCH_OPTIONS, writes rows to the file that `record.ts` knows.
 */
import './dawn-globals.ts';
import type { BenchOptions } from './bench-options.ts';
import { appendRecord } from './record.ts';
import { runBench } from './run-bench.ts';

const options = JSON.parse(process.env['BENCH_OPTIONS']!) as BenchOptions;
await runBench(options, `Node ${process.versions.node}, Dawn`, {
  record: (record) => Promise.resolve(appendRecord(record)),
  say: (line) => process.stderr.write(`${line}\n`),
});
process.exit(0); // Dawn's own threads keep Node alive
