/**
 * Films on their way into a cohort: one that is damaged or doubtful is named and costs no other.
 */
import { expect, it } from 'vitest';
import { squareFound } from '../../src/cohort/build.ts';
import { ProblemList } from '../../src/cohort/problems.ts';
import greyBaseline from '../fixtures/films/grey-baseline.jpg?inline';
import { greyPng } from './decoders/films.ts';

const jpeg = Uint8Array.from(atob(greyBaseline.split(',')[1]!), (letter) => letter.charCodeAt(0));
const options = {
  side: 64,
  fit: 'crop',
  seed: 1,
  fractions: { train: 0.6, validation: 0.2, test: 0.2 },
} as const;

it('refuses damaged films, warns of doubtful ones, and takes all others', async () => {
  const files: Record<string, Uint8Array<ArrayBuffer>> = {
    'whole.jpg': jpeg,
    'cut.jpg': jpeg.slice(0, jpeg.length >> 1),
    'stray.jpg': new Uint8Array([...jpeg.subarray(0, -2), 7, ...jpeg.subarray(-2)]),
    'page.png': new TextEncoder().encode('<html>'),
    'deep.png': greyPng(64, 64, (x, y) => 500 + 40 * x + y, 16),
    // Bright pixels of many levels are no padding; beside them the film has 40 of 256 levels.
    'squeezed.png': greyPng(
      64,
      64,
      (x, y) => ((x + 64 * y) % 40 === 0 ? 20_000 + 700 * y : 10_000 + 120 * y + x),
      16,
    ),
  };
  const found = Object.entries(files).map(([path, bytes]) => ({
    ...{ imageId: path, patientId: path, report: '', labels: [], split: null, groups: {}, path },
    file: new File([bytes], path),
  }));
  const problems = new ProblemList();
  const taken: (string | undefined)[] = [];
  for await (const film of squareFound(found, options, problems)) taken.push(film?.imageId);
  expect(taken).toEqual(['whole.jpg', undefined, 'stray.jpg', undefined, 'deep.png', 'squeezed.png']);
  expect(problems.list()).toMatchObject([
    { where: 'cut.jpg', severity: 'refused', reason: expect.stringMatching(/cut short/) as string },
    { where: 'stray.jpg', severity: 'warned', reason: expect.stringMatching(/look at it/) as string },
    { where: 'page.png', severity: 'refused', reason: expect.stringMatching(/web page/) as string },
    { where: 'squeezed.png', severity: 'warned', reason: expect.stringMatching(/few of the 256/) as string },
  ]);
});
