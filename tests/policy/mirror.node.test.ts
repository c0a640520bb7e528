/** The list of sources without a test of their own may only shrink. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourcesWithoutTest } from './mirror.ts';
import { readSources, root, type Source } from './sources.ts';

const listed = readFileSync(join(root, 'tests/policy/without-test.txt'), 'utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'));

const without = sourcesWithoutTest(
  readSources('src'),
  readSources('tests').filter(({ path }) => path.endsWith('.test.ts')),
);

test('a source with logic has a test of its stem, or stands in the list', () => {
  expect(without.filter((path) => !listed.includes(path))).toEqual([]);
});

test('the list names only sources that are without one', () => {
  expect(listed.filter((path) => !without.includes(path))).toEqual([]);
});

test('the rule sees a source without a test, and one with', () => {
  const source = (path: string): Source => ({ path, text: 'export function a(): void {}' });
  const sources = [source('src/study/a.ts'), source('src/study/b.ts')];
  expect(sourcesWithoutTest(sources, [source('tests/study/a.node.test.ts')])).toEqual(['src/study/b.ts']);
});
