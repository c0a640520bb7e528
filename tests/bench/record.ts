/**
 * What a bench leaves, and the file in which it is gathered while the page runs.
 */
import { appendFileSync } from 'node:fs';

/** One comparison in one page: medians of rounds, the ratio's spread. */
export interface BenchRow {
  readonly name: string;
  readonly stockMs: number;
  readonly oursMs: number;
  /** Median of the rounds' stock / ours. */
  readonly ratioToStock: number;
  readonly ratioLow: number;
  readonly ratioHigh: number;
  readonly stockDispatches: number;
  readonly dispatches: number;
  readonly rounds: number;
}

/** What the page may call. */
export interface BenchRecorder {
  recordBench(row: BenchRow): Promise<void>;
  recordAdapter(adapter: string): Promise<void>;
}

/** The variable that names the file; one JSON value a line. */
export const benchFileVariable = 'READING_ROOM_BENCH_FILE';

/** Adds a line to the file. @throws Error when the variable is not set. */
export function appendRecord(record: BenchRow | { readonly adapter: string }): void {
  const file = process.env[benchFileVariable];
  if (!file) throw new Error(`Benches run by \`npm run bench\`; ${benchFileVariable} is not set.`);
  appendFileSync(file, `${JSON.stringify(record)}\n`);
}
