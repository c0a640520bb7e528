/** Rules of the house that no type and no lint rule holds: nothing reaches the network, every export is documented, names say something. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  addressProblems,
  docstringProblems,
  nameProblems,
  networkProblems,
  randomnessProblems,
  reexportProblems,
  skipProblems,
  workerProblems,
} from './rules.ts';
import { readSources, root, type Source } from './sources.ts';

const sources = readSources('src', 'workers');
const tests = readSources('tests');
const page: readonly Source[] = ['index.html']
  .filter((path) => existsSync(join(root, path)))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

describe('the sources', () => {
  test('never reach for the network', () => expect(sources.flatMap(networkProblems)).toEqual([]));
  test('hold no address to reach', () => expect([...sources, ...page].flatMap(addressProblems)).toEqual([]));
  test('start workers in one place', () => expect(sources.flatMap(workerProblems)).toEqual([]));
  test('document every export', () => {
    const documented = sources.filter(({ path }) => /\.(ts|mjs)$/.test(path));
    expect(documented.flatMap(docstringProblems)).toEqual([]);
  });
  test('have no barrels and no empty names', () => {
    expect([...sources, ...tests].flatMap(nameProblems)).toEqual([]);
    expect(sources.flatMap(reexportProblems)).toEqual([]);
  });
  test('draw from seeded generators only', () => {
    expect([...sources, ...tests].flatMap(randomnessProblems)).toEqual([]);
  });
});

test('no test is left out without a word', () => {
  expect(tests.filter(({ path }) => path.endsWith('.test.ts')).flatMap(skipProblems)).toEqual([]);
});

describe('the rules see', () => {
  const cases: readonly [(source: Source) => string[], string, string][] = [
    [networkProblems, 'src/app/a.ts', "await fetch('x');"],
    [networkProblems, 'src/app/a.ts', "globalThis.fetch('x');"],
    [networkProblems, 'src/app/a.ts', "navigator.sendBeacon('x');"],
    [networkProblems, 'src/app/A.svelte', '<script>new WebSocket("x")</script>'],
    [addressProblems, 'src/app/a.ts', "const a = 'https://example.org/';"],
    [addressProblems, 'src/app/a.ts', 'const a = `https://${host}/`;'],
    [addressProblems, 'src/app/A.svelte', '<a href="https://example.org">a</a>'],
    [addressProblems, 'src/app/A.svelte', '<style>p { background: url(http://example.org/a.png) }</style>'],
    [addressProblems, 'src/app/a.ts', "const a = 'http://127.0.0.1:9/';"],
    [addressProblems, 'src/app/privacy/connection-check.ts', "const a = 'https://example.org';"],
    [workerProblems, 'src/app/a.ts', "new Worker(new URL('./b.ts', import.meta.url));"],
    [docstringProblems, 'src/app/a.ts', '// a comment\nexport const a = 1;'],
    [docstringProblems, 'src/app/a.ts', 'export interface A {}'],
    [docstringProblems, 'src/app/a.ts', 'export default class A {}'],
    [nameProblems, 'src/app/index.ts', ''],
    [nameProblems, 'src/helpers/a.ts', ''],
    [nameProblems, 'src/app/utils.svelte.ts', ''],
    [reexportProblems, 'src/app/a.ts', "export { b } from './b.ts';"],
    [randomnessProblems, 'src/app/a.ts', 'const a = Math.random();'],
    [skipProblems, 'tests/a.test.ts', "test.only('a', () => {});"],
    [skipProblems, 'tests/a.test.ts', "describe.skip('a', () => {});"],
    [skipProblems, 'tests/a.test.ts', "test('a', (context) => context.skip());"],
    [skipProblems, 'tests/a.test.ts', "test('a', (context) => context.skip(true));"],
    [skipProblems, 'tests/a.test.ts', "test.skipIf(x)('a', () => {});"],
  ];
  test.each(cases)('%o in %s: %s', (rule, path, text) => expect(rule({ path, text })).toHaveLength(1));

  const innocent: readonly [(source: Source) => string[], string, string][] = [
    [networkProblems, 'src/app/a.ts', '// no fetch here\nconst fetched = 1;'],
    [addressProblems, 'src/app/a.ts', "// https://example.org\nconst a = 'http://www.w3.org/2000/svg';"],
    [addressProblems, 'src/losses/a.ts', "const entry = { paper: 'A paper, https://arxiv.org/abs/1' };"],
    [addressProblems, 'src/cli/a.ts', "const a = 'http://127.0.0.1:9/';"],
    [docstringProblems, 'src/app/a.ts', '/** One. */\nexport const a = 1;'],
    [skipProblems, 'tests/a.test.ts', "test('a', (context) => context.skip(!gpu, 'no GPU'));"],
    [skipProblems, 'tests/a.test.ts', "test('a', ({ skip }) => skip('no data'));"],
  ];
  test.each(innocent)('nothing wrong, %o in %s: %s', (rule, path, text) =>
    expect(rule({ path, text })).toEqual([]),
  );
});
