/**
 * `npm run test:reference`: only the tests against the golden numbers, of the folder that LAB_REFERENCE names or of the copy in the
 * repository, and which files of that folder some test reads.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { referenceFiles, referenceFolder } from '../../tests/reference/server.ts';
import { findChromium } from './chromium.ts';
import { repositoryRoot } from './repository.ts';
import { concludeSuites, runVitest, type SuiteOutcome } from './suites.ts';

const say = (line: string): void => console.log(line);

/** Runs tests/reference in both projects. @returns the exit code. */
export async function run(): Promise<number> {
  say(`Golden numbers: ${referenceFolder()}`);
  const { covered, open } = coverage(referenceFiles(), testSources());
  for (const path of open) say(`  no test reads ${path}`);
  say(`${covered.length} of ${covered.length + open.length} files are read by a test.`);
  const outcomes: SuiteOutcome[] = [];
  for (const project of projectsWithTests()) {
    if (project === 'browser') await findChromium(say);
    outcomes.push(await runVitest(project, ['tests/reference/']));
  }
  return concludeSuites(outcomes, say);
}

/** Sorts the files into those whose path, or whose folder with a slash, stands in a test's source, and the others. */
export function coverage(
  files: readonly string[],
  sources: readonly string[],
): { covered: string[]; open: string[] } {
  const isNamed = (path: string): boolean => {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    return sources.some((source) => source.includes(path) || source.includes(`'${folder}'`));
  };
  return { covered: files.filter(isNamed), open: files.filter((path) => !isNamed(path)) };
}

function testFiles(): string[] {
  return readdirSync(join(repositoryRoot, 'tests', 'reference'))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(repositoryRoot, 'tests', 'reference', name));
}

function testSources(): string[] {
  return testFiles().map((file) => readFileSync(file, 'utf8'));
}

function projectsWithTests(): string[] {
  const names = testFiles();
  return ['node', 'browser'].filter((project) => names.some((name) => name.endsWith(`.${project}.test.ts`)));
}
