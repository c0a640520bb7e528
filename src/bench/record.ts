/**
 * The file in which rows are gathered while a page or another process runs the bench.
 */
import { appendFileSync } from 'node:fs';
import type { BenchRecord } from './bench-file.ts';
import type { BenchOptions } from './bench-options.ts';

/** What the page may call. */
export interface BenchRecorder {
  recordBench(record: BenchRecord): Promise<void>;
  benchOptions(): Promise<BenchOptions>;
  sayBench(line: string): Promise<void>;
}

/** The variable that names the file; one JSON value a line. */
export const benchFileVariable = 'READING_ROOM_BENCH_FILE';
/** The variable that holds the options as JSON. */
export const benchOptionsVariable = 'BENCH_OPTIONS';

/** Adds a line to the file. @throws Error when the variable is not set. */
export function appendRecord(record: BenchRecord): void {
  const file = process.env[benchFileVariable];
  if (!file) throw new Error(`Benches run by \`npm run bench\`; ${benchFileVariable} is not set.`);
  appendFileSync(file, `${JSON.stringify(record)}\n`);
}
