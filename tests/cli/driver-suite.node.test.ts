/** The suite on a second driver: skipped with its reason where there is none, and its part names tests that are there. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { cardTests, runDriverSuite } from '../../src/cli/driver-suite.ts';
import { repositoryRoot } from '../../src/cli/repository.ts';
import { concludeSuites } from '../../src/cli/suites.ts';

test('without a driver it is skipped with the reason, and fails nothing', async () => {
  const lines: string[] = [];
  const say = (line: string): number => lines.push(line);
  const outcome = await runDriverSuite('driver', say, { kind: 'absent', reason: 'only root can' });
  expect(outcome).toMatchObject({ suite: 'driver', passed: 0, failed: 0 });
  expect(concludeSuites([outcome], say)).toBe(0);
  expect(lines).toContain('  skipped: the suite driver (only root can)');
  expect(lines.at(-1)).toBe('0 passed, 0 failed, 1 skipped');
});

test.each(cardTests)('the part in every run names tests that are there: %s', (filter) => {
  const folder = join(repositoryRoot, dirname(`${filter}x`));
  const begin = filter.endsWith('/') ? '' : basename(filter);
  expect(existsSync(folder)).toBe(true);
  expect(readdirSync(folder).some((name) => name.startsWith(begin) && name.endsWith('.test.ts'))).toBe(true);
});
