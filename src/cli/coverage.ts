/**
 * `npm run coverage`: how often the lab's intervals hold a known truth and its verdicts err, on simulated test patients and seeds.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { coverageLines, coverageTasks } from '../../tests/bench/coverage-table.ts';
import type { CoverageSize } from '../../tests/bench/coverage-simulation.ts';
import { InputError } from '../errors.ts';
import { repositoryRoot } from './repository.ts';

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
  try {
    const { values } = parseArgs({
      args: [...words],
      options: { quick: { type: 'boolean' }, repetitions: { type: 'string' } },
    });
    const quick = values.quick ?? false;
    const repetitions = Number(values.repetitions ?? (quick ? 100 : 1000));
    if (!(Number.isInteger(repetitions) && repetitions > 0))
      throw new InputError(
        `coverage: --repetitions must be a whole number above 0, got ${values.repetitions}`,
      );
    return { quick, size: { repetitions, resamples: quick ? 400 : 500 } };
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`coverage: ${(error as Error).message}. It knows --quick and --repetitions N.`);
  }
}
