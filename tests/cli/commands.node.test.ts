/** What the commands read from their words, and how they count. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { isForeign, launchArguments } from '../../src/cli/browser.ts';
import { hashSources } from '../../src/cli/build.ts';
import { findChromium, usualPaths } from '../../src/cli/chromium.ts';
import { readPort } from '../../src/cli/start.ts';
import { readOptions } from '../../src/cli/study-options.ts';
import { concludeSuites, outcomeOf } from '../../src/cli/suites.ts';
import { sortByCoverage } from '../../src/cli/test-reference.ts';
import { chooseSuites } from '../../src/cli/test.ts';
import { InputError } from '../../src/errors.ts';

afterEach(() => vi.unstubAllEnvs());

describe('study', () => {
  test('runs the demo on the synthetic cohort unless told otherwise', () => {
    expect(readOptions([])).toEqual({
      cohort: null,
      drawing: {},
      study: { preset: 'demo', labels: [], smoke: false },
      importing: {},
      out: resolve('results'),
      profile: null,
      quiet: false,
    });
  });

  test('takes a folder, labels, a seed and a side', () => {
    const words = [
      '--cohort',
      tmpdir(),
      '--labels',
      'a, b',
      '--seed',
      '7',
      '--side',
      '96',
      '--smoke',
      '--quiet',
    ];
    const options = readOptions(words);
    expect(options.cohort).toBe(resolve(tmpdir()));
    expect(options.study).toEqual({ preset: 'demo', labels: ['a', 'b'], smoke: true });
    expect(options.importing).toEqual({ seed: 7, side: 96 });
  });

  test('takes the synthetic cohort in the words of the cohort page', () => {
    const options = readOptions(
      '--dials silent,visibility=1 --patients 2000 --seed 3 --side 64 --split 0.3,0.2,0.5'.split(' '),
    );
    expect(options.cohort).toBeNull();
    expect(options.importing).toEqual({});
    expect(options.drawing).toEqual({
      dials: 'silent,visibility=1',
      patients: '2000',
      seed: '3',
      side: '64',
      split: '0.3,0.2,0.5',
    });
  });

  test.each([
    [['--cohort', '/no/such/folder'], 'not a folder'],
    [['--study', 'nothing.json'], 'no such file'],
    [['--study', 'papr'], 'got "papr". The presets are: demo, standard, '],
    [['--study', 'toString'], 'The presets are: '],
    [['--cohort', tmpdir(), '--seed', '1.5'], '--seed'],
    [['--cohort', tmpdir(), '--side', '2'], '--side'],
    [['--dials', 'gradde'], 'graded, outcome, silent'],
    [['--dials', 'graded,visibilty=1'], 'visibilty'],
    [['--dials', 'graded,visibility=2'], 'between 0 and 1'],
    [['--patients', 'many'], 'patients'],
    [['--split', '0.5,0.5'], 'three shares'],
    [['--split', '0.5,0.4,0.2'], 'sum to 1'],
    [['--side', '15'], 'side'],
    [['--cohort', tmpdir(), '--dials', 'graded'], '--dials belongs to the synthetic cohort'],
    [['--cohort', tmpdir(), '--dials', 'graded', '--split', '1'], '--dials, --split belong to'],
  ])('refuses %j with a sentence', (words, part) => {
    expect(() => readOptions(words)).toThrow(InputError);
    expect(() => readOptions(words)).toThrow(part);
  });
});

describe('start', () => {
  test.each([
    [undefined, 4173],
    ['0', 0],
    ['8080', 8080],
  ])('port %s', (text, port) => expect(readPort(text)).toBe(port));
  test.each(['', 'a', '-1', '65536', '1.5'])('port "%s" is refused', (text) =>
    expect(() => readPort(text)).toThrow(InputError),
  );
});

describe('chromium', () => {
  test('a CHROMIUM that is not there is said, not passed over', async () => {
    vi.stubEnv('CHROMIUM', '/no/such/browser');
    await expect(findChromium(() => undefined)).rejects.toThrow('/no/such/browser');
  });
  test('each system has its usual places', () => {
    expect(usualPaths('linux', {})[0]).toBe('/usr/bin/chromium');
    expect(usualPaths('darwin', {})[0]).toContain('Google Chrome.app');
    expect(usualPaths('win32', { PROGRAMFILES: 'C:\\Programs' })[0]).toContain('C:\\Programs\\');
  });
  test('only root goes without a sandbox', () => {
    expect(launchArguments('software', true)).toContain('--no-sandbox');
    expect(launchArguments('device', false)).not.toContain('--no-sandbox');
  });
  test('software WebGPU only where there is no device', () => {
    expect(launchArguments('software', false).join()).toContain('swiftshader');
    expect(launchArguments('device', false).join()).not.toContain('swiftshader');
  });
  test.each([
    ['http://127.0.0.1:4173/a', false],
    ['blob:http://127.0.0.1:4173/1', false],
    ['data:text/plain,a', false],
    ['http://127.0.0.1:4174/a', true],
    ['https://example.org/', true],
    ['blob:https://example.org/1', true],
  ])('%s leaves the origin: %s', (url, foreign) =>
    expect(isForeign(url, 'http://127.0.0.1:4173')).toBe(foreign),
  );
});

describe('build', () => {
  test('the hash changes with content and names of sources, not with the command line', () => {
    const folder = mkdtempSync(join(tmpdir(), 'reading-room-hash-'));
    for (const below of ['src/app', 'src/cli', 'workers'])
      mkdirSync(join(folder, below), { recursive: true });
    const write = (path: string, text: string): string => {
      writeFileSync(join(folder, path), text);
      return hashSources(folder);
    };
    const first = write('src/app/a.ts', 'a');
    expect(write('src/cli/b.ts', 'b')).toBe(first);
    const second = write('src/app/a.ts', 'b');
    const third = write('workers/a.ts', 'b');
    expect(new Set([first, second, third]).size).toBe(3);
    rmSync(folder, { recursive: true });
  });
});

describe('test', () => {
  const report = { passed: 2, failed: [], skipped: [], broken: [], slowest: [] };

  test('--only takes parts and refuses what it does not know', () => {
    expect(chooseSuites('node, lint')).toEqual(['node', 'lint']);
    expect(chooseSuites(undefined)).toEqual(['types', 'lint', 'format', 'node', 'browser', 'e2e', 'card']);
    expect(chooseSuites('driver')).toEqual(['driver']);
    expect(() => chooseSuites('nodes')).toThrow(InputError);
  });

  test.each([
    ['no report', outcomeOf('node', undefined, 1)],
    ['no test', outcomeOf('node', { ...report, passed: 0 }, 0)],
    [
      'only skipped tests',
      outcomeOf('node', { ...report, passed: 0, skipped: [{ name: 'a', note: '' }] }, 0),
    ],
    ['a broken file', outcomeOf('node', { ...report, broken: ['a'] }, 1)],
    ['a bad end without a failed test', outcomeOf('node', report, 1)],
  ])('%s is a failure', (_, outcome) => expect(outcome.failed).toBe(1));

  test('the last line is the sum', () => {
    const lines: string[] = [];
    const skipped = [{ name: 'c', note: 'no GPU' }];
    const outcomes = [
      outcomeOf('node', { ...report, skipped }, 0),
      outcomeOf('browser', { ...report, failed: ['d'], slowest: [{ file: 'e', seconds: 31 }] }, 1),
    ];
    expect(concludeSuites(outcomes, (line) => lines.push(line))).toBe(1);
    expect(lines.at(-1)).toBe('4 passed, 1 failed, 1 skipped');
    expect(lines).toContain('  skipped: c (no GPU)');
    expect(lines).toContain('  slowest: e 31 s');
  });

  test('the last line without skipped tests, and the exit code of success', () => {
    const lines: string[] = [];
    expect(concludeSuites([outcomeOf('node', report, 0)], (line) => lines.push(line))).toBe(0);
    expect(lines.at(-1)).toBe('2 passed, 0 failed');
  });
});

test('golden numbers that no test reads are told with the reason', () => {
  const files = ['losses/a.json', 'losses/b.json', 'models/c.json'];
  const list = { 'losses/a': 'reference/a.node.test.ts', 'losses/b': { test: null, reason: 'later' } };
  expect(sortByCoverage(files, list)).toEqual({
    covered: ['losses/a.json'],
    open: ['losses/b.json (later)', 'models/c.json (it is not in the list)'],
  });
});
