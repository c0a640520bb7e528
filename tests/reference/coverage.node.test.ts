/** Each golden number has a test, or a word on why not; no file of the folder is forgotten. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { coverage } from '../../src/cli/reference-coverage.ts';
import { referenceFiles } from '../../src/cli/reference-files.ts';

const present = referenceFiles().map((path) => path.replace(/\.json$/, ''));
const covered = Object.entries(coverage).filter(
  (entry): entry is [string, string] => typeof entry[1] === 'string',
);
const testPath = (test: string) => fileURLToPath(new URL(`../${test}`, import.meta.url));

describe('coverage of the reference folder', () => {
  it('names every file of the folder', () => {
    expect(present.length).toBeGreaterThan(0);
    expect(present.filter((path) => !(path in coverage))).toEqual([]);
  });

  // A folder named by LAB_REFERENCE may hold fewer files than the one kept here.
  it.skipIf(process.env['LAB_REFERENCE'])('names no file that is not there', () => {
    expect(Object.keys(coverage).filter((path) => !present.includes(path))).toEqual([]);
  });

  it('names tests that exist and that read the file', () => {
    const broken = covered.filter(([path, test]) => {
      if (!existsSync(testPath(test))) return true;
      return !readFileSync(testPath(test), 'utf8').includes(path.split('/').at(-1)!);
    });
    expect(broken.map(([path, test]) => `${path}: ${test}`)).toEqual([]);
  });

  it('says how much is covered', () => {
    const missing = present.filter((path) => typeof coverage[path] === 'object');
    console.info(`reference files: ${present.length - missing.length} covered, ${missing.length} not yet`);
    expect(present.length).toBe(covered.length + missing.length);
  });
});
