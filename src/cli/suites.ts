/**
 * Runs the lab's test suites one after the other and counts what they say: Vitest projects by their own count, a type check or a lint
 * run as one test each.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repositoryRoot } from './repository.ts';
import { suiteReportVariable, type SkippedTest, type SuiteReport, type TimedFile } from './suite-reporter.ts';

/** What a suite came to. */
export interface SuiteOutcome {
  readonly suite: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly SkippedTest[];
  /** Sentences on what failed beside the tests that Vitest itself names. */
  readonly problems: readonly string[];
  /** Test files that took longest, the slowest first. */
  readonly slowest: readonly TimedFile[];
}

const programs = {
  'svelte-check': 'node_modules/svelte-check/bin/svelte-check',
  eslint: 'node_modules/eslint/bin/eslint.js',
  prettier: 'node_modules/prettier/bin/prettier.cjs',
  vitest: 'node_modules/vitest/vitest.mjs',
} as const;

/** Runs a checking program; it counts as one test. Its words are shown only when it fails. */
export async function runCheck(
  suite: string,
  program: Exclude<keyof typeof programs, 'vitest'>,
  words: readonly string[],
): Promise<SuiteOutcome> {
  const { exitCode, output } = await runNode([programs[program], ...words], 'collect');
  if (exitCode !== 0) process.stdout.write(output);
  return {
    suite,
    passed: exitCode === 0 ? 1 : 0,
    failed: exitCode === 0 ? 0 : 1,
    skipped: [],
    problems: exitCode === 0 ? [] : [`${suite} found problems; see above.`],
    slowest: [],
  };
}

/**
 * Runs one Vitest project, or the files of it whose path holds one of the filters.
 * @param output 'show' lets Vitest write as it goes; 'whenDone' keeps its words together, for a run beside others.
 * @param environment variables that the tests find beside those of this process.
 */
export async function runVitest(
  project: string,
  filters: readonly string[] = [],
  output: 'show' | 'whenDone' = 'show',
  environment: Readonly<Record<string, string>> = {},
): Promise<SuiteOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'reading-room-tests-'));
  const reportPath = join(folder, 'report.json');
  const reporter = fileURLToPath(new URL('./suite-reporter.ts', import.meta.url));
  try {
    const words = ['run', '--project', project, '--reporter=dot', `--reporter=${reporter}`, ...filters];
    const mode = output === 'show' ? 'show' : 'collect';
    const run = await runNode([programs.vitest, ...words], mode, {
      ...environment,
      [suiteReportVariable]: reportPath,
      LAB_TEST_CACHE: `.vite/${project}`,
    });
    process.stdout.write(run.output);
    return outcomeOf(project, readReport(reportPath), run.exitCode);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs Vitest with words of one's own, its output shown. @returns its exit code. */
export async function runVitestWords(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  return (await runNode([programs.vitest, ...words], 'show', environment)).exitCode;
}

/** Turns a suite's report into its outcome; a suite without tests or without a report has failed. */
export function outcomeOf(suite: string, report: SuiteReport | undefined, exitCode: number): SuiteOutcome {
  const { passed = 0, failed = [], skipped = [], broken = [], slowest = [] } = report ?? {};
  const problems = [...broken];
  if (!report) problems.push(`${suite} ended with code ${exitCode} before it could report.`);
  else if (passed + failed.length === 0) problems.push(`${suite} ran no test.`);
  else if (exitCode !== 0 && failed.length + problems.length === 0)
    problems.push(`${suite} ended with code ${exitCode} although no test failed.`);
  return { suite, passed, failed: failed.length + problems.length, skipped, problems, slowest };
}

/** Prints what was skipped and what went wrong, and the sum as the last line. @returns the exit code. */
export function concludeSuites(outcomes: readonly SuiteOutcome[], say: (line: string) => void): number {
  for (const { suite, passed, failed, skipped, problems, slowest } of outcomes) {
    say(
      `${suite}: ${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`,
    );
    for (const problem of problems) say(`  failed: ${problem}`);
    if (slowest.length > 0)
      say(`  slowest: ${slowest.map(({ file, seconds }) => `${file} ${seconds} s`).join(', ')}`);
    for (const { name, note } of skipped) say(`  skipped: ${name}${note ? ` (${note})` : ''}`);
  }
  const sum = (count: (outcome: SuiteOutcome) => number): number =>
    outcomes.reduce((total, outcome) => total + count(outcome), 0);
  const failed = sum((outcome) => outcome.failed);
  const skipped = sum((outcome) => outcome.skipped.length);
  const passed = sum((outcome) => outcome.passed);
  say(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failed > 0 || passed + skipped === 0 ? 1 : 0;
}

function readReport(path: string): SuiteReport | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as SuiteReport;
  } catch {
    return undefined;
  }
}

function runNode(
  words: readonly string[],
  output: 'show' | 'collect',
  environment: Readonly<Record<string, string>> = {},
): Promise<{ exitCode: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...words], {
      cwd: repositoryRoot,
      env: { ...process.env, ...environment },
      stdio: output === 'show' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    });
    let collected = '';
    const collect = (chunk: Buffer): void => {
      collected += chunk.toString();
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('error', (error) => resolve({ exitCode: 1, output: `${collected}${error.message}\n` }));
    child.on('close', (code) => resolve({ exitCode: code ?? 1, output: collected }));
  });
}
