/**
 * `npm test`: types, lint, format, and the three Vitest projects. The last line is the sum over all of them.
 */
import { parseArgs } from 'node:util';
import { InputError } from '../errors.ts';
import { buildWhenNeeded } from './build.ts';
import { findChromium } from './chromium.ts';
import { concludeSuites, runCheck, runVitest, type SuiteOutcome } from './suites.ts';

const say = (line: string): void => console.log(line);

const suites: Readonly<Record<string, () => Promise<SuiteOutcome>>> = {
  types: () => runCheck('types', 'svelte-check', ['--fail-on-warnings', '--tsconfig', './tsconfig.json']),
  lint: () => runCheck('lint', 'eslint', ['.']),
  format: () => runCheck('format', 'prettier', ['--check', '.']),
  node: () => runVitest('node'),
  browser: async () => {
    await findChromium(say);
    return runVitest('browser');
  },
  e2e: async () => {
    await findChromium(say);
    await buildWhenNeeded(say);
    return runVitest('e2e');
  },
};

/** Runs all suites, or those of --only a,b. @returns the exit code. @throws InputError on an unknown suite. */
export async function run(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...words], options: { only: { type: 'string' } } });
  const outcomes: SuiteOutcome[] = [];
  for (const name of chooseSuites(values.only)) {
    say(`— ${name}`);
    outcomes.push(await runSuite(name));
  }
  return concludeSuites(outcomes, say);
}

/** The suites that --only names, or all. @throws InputError on an unknown suite. */
export function chooseSuites(only: string | undefined): readonly string[] {
  const all = Object.keys(suites);
  if (only === undefined) return all;
  const wanted = only.split(',').map((name) => name.trim());
  const unknown = wanted.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new InputError(`--only knows ${all.join(', ')}; got "${unknown}".`);
  return wanted;
}

/** A suite that cannot even start counts as one failure, so that the others still run and the sum is still printed. */
async function runSuite(name: string): Promise<SuiteOutcome> {
  try {
    return await suites[name]!();
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    return { suite: name, passed: 0, failed: 1, skipped: [], problems: [sentence] };
  }
}
