/**
 * A reporter for Vitest that writes what `npm test` counts: numbers of tests, and for each skipped one the word it was skipped with,
 * which Vitest's own JSON leaves out.
 */
import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Where the reporter writes, by this environment variable. */
export const suiteReportVariable = 'LAB_SUITE_REPORT';

/** What a run of one Vitest project came to. */
export interface SuiteReport {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: readonly SkippedTest[];
  /** Files that could not be run at all, and errors outside of tests; each counts as a failure. */
  readonly broken: readonly string[];
  /** The files that took longest, the slowest first. */
  readonly slowest: readonly TimedFile[];
}

/** A test file with the whole seconds that its tests took. */
export interface TimedFile {
  readonly file: string;
  readonly seconds: number;
}

/** A test that did not run, and why. */
export interface SkippedTest {
  readonly name: string;
  readonly note: string;
}

/** Writes a SuiteReport as JSON when the run ends. */
export default class SuiteReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly { message?: string }[]): void {
    const path = process.env[suiteReportVariable];
    if (path) writeFileSync(path, JSON.stringify(reportOf(modules, errors)));
  }
}

function reportOf(modules: readonly TestModule[], errors: readonly { message?: string }[]): SuiteReport {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const named = (state: 'failed' | 'skipped' | 'pending'): typeof tests =>
    tests.filter((test) => test.result().state === state);
  return {
    passed: tests.filter((test) => test.result().state === 'passed').length,
    failed: [...named('failed'), ...named('pending')].map((test) => test.fullName),
    skipped: named('skipped').map((test) => ({ name: test.fullName, note: noteOf(test) })),
    broken: [
      ...modules.flatMap((module) =>
        moduleErrors(module).map((error) => `${module.relativeModuleId}: ${error}`),
      ),
      ...errors.map((error) => error.message ?? 'an error outside of any test'),
    ],
    slowest: modules
      .map((module) => ({
        file: module.relativeModuleId.replace(/^tests\//, ''),
        seconds: Math.round(module.diagnostic().duration / 1000),
      }))
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, 8)
      .filter(({ seconds }) => seconds >= 10),
  };
}

function moduleErrors(module: TestModule): string[] {
  const suites = [...module.children.allSuites()];
  return [module, ...suites].flatMap((suite) => suite.errors().map((error) => error.message));
}

function noteOf(test: TestCase): string {
  const result = test.result();
  return result.state === 'skipped' ? (result.note ?? '') : '';
}
