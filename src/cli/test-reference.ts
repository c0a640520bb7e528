/**
 * `npm run test:reference`: only the tests against the golden numbers, of the folder that LAB_REFERENCE names or of the copy in the
 * repository, and which files of that folder no test reads, and why.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { coverage, type Coverage } from './reference-coverage.ts';
import { referenceFiles, referenceFolder } from './reference-files.ts';
import { countPhrase } from '../count-words.ts';
import { findChromium } from './chromium.ts';
import { helpText, readWords } from './command-words.ts';
import { repositoryRoot } from './repository.ts';
import { concludeSuites, runVitest, type SuiteOutcome } from './suites.ts';

const say = (line: string): void => console.log(line);

/** What --help prints. */
export const help = helpText(
  'npm run test:reference --',
  'Runs the tests against the golden numbers: those in the folder that LAB_REFERENCE names, or the copy in tests/reference.',
  {},
);

/** Runs tests/reference in both projects. @returns the exit code. @throws InputError on any word. */
export async function run(words: readonly string[]): Promise<number> {
  readWords('test:reference', words, {});
  say(`Golden numbers: ${referenceFolder()}`);
  const { covered, open } = sortByCoverage(referenceFiles(), coverage);
  for (const path of open) say(`  no test reads ${path}`);
  say(
    `${covered.length} of ${countPhrase(covered.length + open.length, 'file')} ${covered.length === 1 ? 'is' : 'are'} read by a test.`,
  );
  const outcomes: SuiteOutcome[] = [];
  for (const project of projectsWithTests()) {
    if (project === 'browser') await findChromium(say);
    outcomes.push(await runVitest(project, ['tests/reference/']));
  }
  return concludeSuites(outcomes, say);
}

/** Sorts the files into those that a test reads, by the list beside the tests, and the others, each with the reason why none does. */
export function sortByCoverage(
  files: readonly string[],
  list: Readonly<Record<string, Coverage>>,
): { covered: string[]; open: string[] } {
  const covered: string[] = [];
  const open: string[] = [];
  for (const path of files) {
    const entry = list[path.replace(/\.json$/, '')];
    if (typeof entry === 'string') covered.push(path);
    else open.push(`${path} (${entry?.reason ?? 'it is not in the list'})`);
  }
  return { covered, open };
}

function testFiles(): string[] {
  return readdirSync(join(repositoryRoot, 'tests', 'reference'))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(repositoryRoot, 'tests', 'reference', name));
}

function projectsWithTests(): string[] {
  const names = testFiles();
  return ['node', 'browser'].filter((project) => names.some((name) => name.endsWith(`.${project}.test.ts`)));
}
