/**
 * `npm test`: types, lint, format, and the Vitest projects. The last line is the sum over all of them.
 *
 * The browser tests run in one lane and everything else beside them in another: browser tests leave the rest of the machine idle for a
 * third of the time or more.
 */
import { InputError } from '../errors.ts';
import { buildWhenNeeded } from './build.ts';
import { findChromium } from './chromium.ts';
import { helpText, readWords } from './command-words.ts';
import { runDriverSuite } from './driver-suite.ts';
import { concludeSuites, runCheck, runVitest, type SuiteOutcome } from './suites.ts';

const say = (line: string): void => console.log(line);

let found: Promise<unknown> | undefined;
/** Both lanes need Chromium; it is installed once, before they start. */
const chromium = (): Promise<unknown> => (found ??= findChromium(say));

interface Suite {
  /** Suites of one lane run one after the other. */
  readonly lane: 'browser' | 'beside';
  /** Runs only where --only names it. */
  readonly onlyNamed?: true;
  readonly run: () => Promise<SuiteOutcome>;
}

const suites: Readonly<Record<string, Suite>> = {
  types: check('types', 'svelte-check', ['--fail-on-warnings', '--tsconfig', './tsconfig.json']),
  lint: check('lint', 'eslint', ['.']),
  format: check('format', 'prettier', ['--check', '.']),
  node: { lane: 'beside', run: () => runVitest('node', [], 'whenDone') },
  browser: {
    lane: 'browser',
    run: async () => {
      await chromium();
      return runVitest('browser');
    },
  },
  e2e: {
    lane: 'beside',
    run: async () => {
      await chromium();
      await buildWhenNeeded(say);
      return runVitest('e2e', [], 'whenDone');
    },
  },
  card: { lane: 'beside', run: () => runDriverSuite('card', say) },
  driver: { lane: 'beside', onlyNamed: true, run: () => runDriverSuite('driver', say) },
};

function check(name: string, program: Parameters<typeof runCheck>[1], words: readonly string[]): Suite {
  return { lane: 'beside', run: () => runCheck(name, program, words) };
}

const options = {
  only: {
    type: 'string',
    takes: 'SUITES',
    says: `some of ${Object.keys(suites).join(', ')} (without it: all but driver)`,
  },
} as const;

/** What --help prints. */
export const help = helpText('npm test --', 'Runs everything that CI checks, and counts it.', options);

/** Runs all suites but those that must be named, or those of --only a,b. @returns the exit code. @throws InputError on an unknown suite. */
export async function run(words: readonly string[]): Promise<number> {
  const names = chooseSuites(readWords('test', words, options).only);
  const lanes = (['browser', 'beside'] as const).map((lane) =>
    names.filter((name) => suites[name]!.lane === lane),
  );
  const outcomes = (await Promise.all(lanes.map(runLane))).flat();
  return concludeSuites(
    names.map((name) => outcomes.find(({ suite }) => suite === name)!),
    say,
  );
}

/** Runs suites one after the other. */
async function runLane(names: readonly string[]): Promise<SuiteOutcome[]> {
  const outcomes: SuiteOutcome[] = [];
  for (const name of names) {
    say(`— ${name}`);
    outcomes.push(await runSuite(name));
  }
  return outcomes;
}

/** The suites that --only names, or all that need not be named. @throws InputError on an unknown suite. */
export function chooseSuites(only: string | undefined): readonly string[] {
  const all = Object.keys(suites);
  if (only === undefined) return all.filter((name) => !suites[name]!.onlyNamed);
  const wanted = only.split(',').map((name) => name.trim());
  const unknown = wanted.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new InputError(`--only knows ${all.join(', ')}; got "${unknown}".`);
  return wanted;
}

/** A suite that cannot even start counts as one failure, so that the others still run and the sum is still printed. */
async function runSuite(name: string): Promise<SuiteOutcome> {
  try {
    return await suites[name]!.run();
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    return { suite: name, passed: 0, failed: 1, skipped: [], problems: [sentence], slowest: [] };
  }
}
