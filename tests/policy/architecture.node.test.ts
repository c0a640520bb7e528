/** ARCHITECTURE.md draws the same house that the policy tests hold. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { floors } from './floors.ts';
import { readSources, root } from './sources.ts';

const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

/** Rooms with their floors, from the table. */
const table = [...page.matchAll(/^\| `([\w.-]+)`\s*\| (\d+)\s*\|/gm)].map(([, room, floor]) => [
  room!,
  Number(floor),
]);

/** Rooms with their floors, from the picture, each floor's rooms in order. */
const picture = [...page.match(/```text\n([\s\S]*?)```/)![1]!.matchAll(/^ *(\d+) {2}(.+)$/gm)]
  .reverse()
  .flatMap(([, floor, rooms]) =>
    rooms!
      .trim()
      .split(/\s+/)
      .map((room) => [room, Number(floor)]),
  );

describe('ARCHITECTURE.md', () => {
  test('lists the rooms of the policy, in its order, on its floors', () => {
    expect(table).toEqual(Object.entries(floors));
  });

  test('draws the same rooms', () => {
    const bare = Object.entries(floors).map(([room, floor]) => [room.replace('.ts', ''), floor]);
    const byName = (a: unknown[], b: unknown[]): number => (String(a[0]) < String(b[0]) ? -1 : 1);
    expect([...picture].sort(byName)).toEqual(bare.sort(byName));
  });

  test('names folders and files that are there', () => {
    const paths = readSources('src', 'workers').map(({ path }) => path);
    const walks = page.slice(page.indexOf('## Two ways'), page.indexOf('## Decisions'));
    const named = [...walks.matchAll(/`([a-z-]+(?:\/[a-z-]+)+)(?:\.ts)?`/g)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(10);
    const isThere = (name: string): boolean =>
      paths.some(
        (path) => path === `src/${name}.ts` || path === `${name}.ts` || path.startsWith(`src/${name}/`),
      );
    expect(named.filter((name) => !isThere(name))).toEqual([]);
  });
});

test('CONTRIBUTING.md and README.md name files that are there', () => {
  const words = ['CONTRIBUTING.md', 'README.md']
    .map((name) => readFileSync(join(root, name), 'utf8'))
    .join('\n');
  const named = words.match(/(?<![\w/.])(?:src|tests|workers|public|docs)\/[\w/.-]*\w/g)!;
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
