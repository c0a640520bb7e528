/** Imports run one way, as design draws them. */
import { describe, expect, test } from 'vitest';
import { floorProblems, importCircles, pageProblems, tensorLeaks } from './floors.ts';
import { readSources, type Source } from './sources.ts';

const sources = readSources('src', 'workers');
const source = (path: string, text: string): Source => ({ path, text });

describe('the sources', () => {
  test('are found', () => expect(sources.length).toBeGreaterThan(20));
  test('import downwards only', () => expect(floorProblems(sources)).toEqual([]));
  test('of a page know their own page and what all share', () => expect(pageProblems(sources)).toEqual([]));
  test('have no circle of imports', () => expect(importCircles(sources)).toEqual([]));
  test('keep the tensor library out of page, study, figures, exports and leaves', () => {
    const folders = [
      'app',
      'study',
      'figures',
      'exports',
      'cohort',
      'evaluation',
      'storage',
      'records',
      'cli',
      'main.ts',
    ];
    expect(tensorLeaks(sources, folders)).toEqual([]);
  });
});

describe('the checks see', () => {
  test.each([
    ['src/models/a.ts', "import { b } from '../training/b.ts';"],
    ['src/models/a.ts', "import type { b } from '../study/b.ts';"],
    ['src/cohort/a.ts', "import { b } from '../evaluation/b.ts';"],
    ['src/cohort/a.ts', "import * as tf from '@tensorflow/tfjs-core';"],
    ['src/storage/a.ts', "import { b } from '../cohort/b.ts';"],
    ['src/app/A.svelte', '<script lang="ts">import { b } from \'../models/b.ts\';</script><p>a</p>'],
    ['src/app/a.ts', "const b = await import('../training/b.ts');"],
    ['src/figures/a.ts', "import { b } from '../exports/b.ts';"],
    ['src/figures/a.ts', "import { b } from '../training/b.ts';"],
    ['src/elsewhere/a.ts', ''],
    ['src/app/a.ts', "import { readFile } from 'node:fs';"],
  ])('%s: %s', (path, text) => expect(floorProblems([source(path, text)])).toHaveLength(1));

  test.each([
    ['src/storage/a.ts', "import type { b } from '../cohort/b.ts';"],
    ['src/app/a.ts', "import { type b } from '../training/b.ts';"],
    ['src/training/a.ts', "import { b } from '../models/b.ts';"],
    ['src/figures/a.ts', "import { b } from '../training/methods/inputs.ts';"],
    ['src/app/a.ts', "import { b } from '../figures/b.ts';"],
    ['src/models/a.ts', "import { b } from './b.ts'; import * as tf from '@tensorflow/tfjs-core';"],
  ])('nothing wrong in %s: %s', (path, text) => expect(floorProblems([source(path, text)])).toEqual([]));

  test.each([
    ['src/app/runs/A.svelte', '<script lang="ts">import B from \'../study/B.svelte\';</script>', 1],
    ['src/app/shared/a.ts', "import { b } from '../runs/b.ts';", 1],
    ['src/app/runs/a.ts', "import { b } from '../shared/b.ts'; import { c } from '../route.ts';", 0],
    ['src/app/pages.ts', "import A from './runs/A.svelte';", 0],
  ])('who may know a page: %s: %s', (path, text, problems) =>
    expect(pageProblems([source(path, text)])).toHaveLength(problems),
  );

  test('a circle over three files', () => {
    const circle = ['a', 'b', 'c'].map((name, i, names) =>
      source(`src/app/${name}.ts`, `import { x } from './${names[(i + 1) % 3]}.ts';`),
    );
    expect(importCircles(circle)).toEqual(['src/app/a.ts → src/app/b.ts → src/app/c.ts → src/app/a.ts']);
  });

  test('a way to the tensor library through another file', () => {
    const leak = [
      source('src/study/a.ts', "import { b } from '../training/b.ts';"),
      source('src/training/b.ts', "import * as tf from '@tensorflow/tfjs-core';"),
    ];
    expect(tensorLeaks(leak, ['study'])).toHaveLength(1);
  });
});
