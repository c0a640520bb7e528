/** Every source serves the page, a worker, a command or the bench, or says in its path that it does not. */
import { expect, test } from 'vitest';
import { reachProblems } from './reach.ts';
import { readSources } from './sources.ts';

const file = (path: string, text = ''): { path: string; text: string } => ({ path, text });

test('every source is used, or stands in a folder "reference"', () => {
  expect(reachProblems(readSources('src', 'workers'))).toEqual([]);
});

test('the check sees what is not used, and what is no reference', () => {
  const sources = [
    file('src/main.ts', "import { a } from './a.ts'; const b = await import('./b/reference/b.ts');"),
    file('src/a.ts'),
    file('src/b/reference/b.ts'),
    file('src/b/reference/c.ts'),
    file('src/d.ts'),
  ];
  expect(reachProblems(sources)).toEqual([
    'src/b/reference/b.ts: the lab uses it; it is no reference',
    'src/d.ts: nothing uses it; wire it up, move it to a folder "reference", or delete it',
  ]);
});
