/**
 * `npm run coverage`: how often the lab's intervals hold a known truth and its verdicts err, on simulated test patients and seeds.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { coverageLines, coverageTasks } from '../bench/coverage-table.ts';
import type { CoverageSize } from '../bench/coverage-simulation.ts';
import { InputError } from '../errors.ts';
import { helpText, readWords } from './command-words.ts';
import { repositoryRoot } from './repository.ts';

const options = {
  quick: { type: 'boolean', says: 'a few rows, 100 repetitions of 400 resamples' },
  repetitions: { type: 'string', takes: 'N', says: 'draws of a row (1,000)' },
} as const;

/** What --help prints. */
export const help = helpText(
  'npm run coverage --',
  'Simulates how often intervals hold a known truth and verdicts err, and writes coverage.json.',
  options,
);

/** Simulates, prints tables and writes coverage.json. @returns the exit code. @throws InputError for options it does not know. */
export async function run(words: readonly string[]): Promise<number> {
  const { quick, size } = readCoverageWords(words);
  const tasks = coverageTasks(quick);
  const rows = tasks.map((task, i) => {
    const row = task(size);
    console.error(`${i + 1} of ${tasks.length}: ${JSON.stringify(row)}`);
    return row;
  });
  for (const line of coverageLines(rows)) console.log(line);
  const file = { format: 'reading-room-coverage', createdAt: new Date().toISOString(), ...size, rows };
  await writeFile(join(repositoryRoot, 'coverage.json'), `${JSON.stringify(file, null, 2)}\n`);
  console.log('Written to coverage.json.');
  return 0;
}

/** How much the words ask for: 1,000 repetitions of 500 resamples, with --quick 100 of 400. @throws InputError for words it does not know. */
export function readCoverageWords(words: readonly string[]): { quick: boolean; size: CoverageSize } {
  const { quick = false, repetitions = quick ? '100' : '1000' } = readWords('coverage', words, options);
  const count = Number(repetitions);
  if (!(Number.isInteger(count) && count > 0))
    throw new InputError(`coverage: --repetitions must be a whole number above 0, got ${repetitions}`);
  return { quick, size: { repetitions: count, resamples: quick ? 400 : 500 } };
}
