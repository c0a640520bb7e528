/**
 * Prints the tables of a bundle's run and writes its bench.json: `node report.mjs rows.jsonl bench.json`.
 */
import { writeFileSync } from 'node:fs';
import { benchFile } from './bench-file.ts';
import { machineName, readRecords } from './bench-machine.ts';
import { benchTables } from './bench-table.ts';

const [rows, target] = process.argv.slice(2) as [string, string];
const bench = benchFile(readRecords(rows), {
  createdAt: new Date().toISOString(),
  machine: machineName(),
  quick: process.env['BENCH_QUICK'] === '1',
  versions: JSON.parse(process.env['BENCH_VERSIONS'] ?? '{}') as Record<string, string>,
});
for (const line of benchTables(bench)) console.log(line);
writeFileSync(target, `${JSON.stringify(bench, null, 2)}\n`);
