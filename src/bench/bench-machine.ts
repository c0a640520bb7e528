/**
 * The machine in words, and rows on disk: shared by both ways of running the bench.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { BenchRecord } from './bench-file.ts';

/** Processor, cores, operating system. */
export function machineName(): string {
  const processor = cpus()[0]?.model ?? 'unknown processor';
  return `${processor}, ${cpus().length} cores, ${process.platform}`;
}

/** The rows that `appendRecord` left in a file. */
export function readRecords(file: string): BenchRecord[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as BenchRecord);
}
