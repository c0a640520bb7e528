/**
 * Paths of a table against files of a folder. Each path of these tests has one file that is its own, by construction; a join is right when
 * it finds that file, or none.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileIndex } from '../../../src/cohort/importers/file-index.ts';
import { imageEndings } from '../../../src/cohort/importers/folder-contents.ts';
import type { FolderFile } from '../../../src/cohort/importers/importer.ts';
import { joinPaths, type JoinedPaths } from '../../../src/cohort/importers/path-join.ts';
import { MessageBreaks } from '../../../src/progress/message-breaks.ts';

function filesAt(paths: readonly string[]): FolderFile[] {
  return paths.map((path) => ({ path, file: new File([], path) }));
}

function join(cells: readonly string[], paths: readonly string[]): Promise<JoinedPaths> {
  return joinPaths(cells, new FileIndex(filesAt(paths), imageEndings), new MessageBreaks());
}

/** Path of the file that each cell found, '' for none, '?' for ambiguous. */
async function found(cells: readonly string[], paths: readonly string[]): Promise<string[]> {
  const { matches } = await join(cells, paths);
  return matches.map((match) =>
    match.kind === 'found' ? match.file.path : match.kind === 'none' ? '' : '?',
  );
}

describe('a path and its file', () => {
  it.each([
    ['whole path', ['a/b.png'], ['a/b.png', 'c/b.png'], ['a/b.png']],
    ['end of a path', ['b/c.png'], ['a/b/c.png', 'a/d/c.png'], ['a/b/c.png']],
    ['name alone, twice there', ['c.png'], ['a/c.png', 'b/c.png'], ['?']],
    ['name alone, one at the top', ['c.png'], ['c.png', 'b/c.png'], ['c.png']],
    ['another folder', ['a/c.png', 'b/d.png'], ['a/c.png', 'x/d.png'], ['a/c.png', '']],
    ['every folder another', ['a/c.png', 'b/d.png'], ['x/c.png', 'y/d.png'], ['', '']],
    ['renamed root', ['r/a/c.png', 'r/b/c.png'], ['s/a/c.png', 's/b/c.png'], ['s/a/c.png', 's/b/c.png']],
    [
      'absolute paths',
      ['/data/r/a/c.png', '/data/r/b/c.png'],
      ['a/c.png', 'b/c.png'],
      ['a/c.png', 'b/c.png'],
    ],
    [
      'Windows paths',
      ['C:\\data\\a\\c.png', 'C:\\data\\b\\c.png'],
      ['a/c.png', 'b/c.png'],
      ['a/c.png', 'b/c.png'],
    ],
    ['roots that vary', ['r/a/c.png', 's/b/c.png'], ['t/a/c.png', 't/b/c.png'], ['', '']],
    ['one root for several', ['r/c.png', 'r/d.png'], ['s/c.png', 't/d.png'], ['', '']],
    ['another side', ['r/train/a/c.png', 'r/train/b/c.png'], ['r/test/a/c.png', 'r/test/b/c.png'], ['', '']],
    [
      'a smaller copy of a side',
      ['train/a/c.png', 'train/b/c.png'],
      ['train-small/a/c.png', 'train-small/b/c.png'],
      ['train-small/a/c.png', 'train-small/b/c.png'],
    ],
    [
      'another patient',
      ['r/patient1/c.png', 'r/patient1/d.png'],
      ['patient2/c.png', 'patient2/d.png'],
      ['', ''],
    ],
    ['another study', ['p/study7/c.png'], ['p/study5/c.png'], ['']],
    ['no ending', ['a/c'], ['a/c.png'], ['a/c.png']],
    ['no ending, two files', ['c'], ['c.png', 'c.jpg'], ['?']],
    ['another ending', ['a/c.jpg'], ['a/c.png'], ['a/c.png']],
    ['an ending before the ending', ['c.dcm', 'd'], ['c.dcm.png', 'd.dcm.png'], ['c.dcm.png', 'd.dcm.png']],
    ['dots in the name', ['1.2.840.7'], ['1.2.840.7.png', '1.2.840.png'], ['1.2.840.7.png']],
    ['other case', ['A/C.PNG'], ['a/c.png'], ['a/c.png']],
    ['own case before another', ['c.png', 'C.png'], ['C.png', 'c.png'], ['c.png', 'C.png']],
    ['composed and not', ['Mu\u0308ller.png'], ['M\u00fcller.png'], ['M\u00fcller.png']],
    ['blank', [''], ['a.png'], ['']],
  ])('%s', async (_what, cells, paths, wanted) => {
    expect(await found(cells, paths)).toEqual(wanted);
  });

  it('a better row does not lose to a worse one that came earlier', async () => {
    expect(await found(['a.dcm', 'a.png'], ['a.png'])).toEqual(['', 'a.png']);
    expect(await found(['a.png', 'x/a.png'], ['x/a.png'])).toEqual(['', 'x/a.png']);
    expect(await found(['A.png', 'a.png'], ['a.png'])).toEqual(['', 'a.png']);
  });

  it('takes neither of two rows that name a film equally badly', async () => {
    expect(await found(['a.dcm', 'a.tif'], ['a.png'])).toEqual(['', '']);
  });

  it('tells the beginning that was passed over, and what stands for it', async () => {
    const { prefix } = await join(
      ['/d/train/a/1.png', '/d/train/b/1.png'],
      ['train-small/a/1.png', 'train-small/b/1.png'],
    );
    expect(prefix).toEqual({ from: 'd/train', to: 'train-small' });
    expect((await join(['a/1.png'], ['a/1.png'])).prefix).toBeNull();
  });

  it('refuses a few rows whose root stands for other folders than that of all the rest', async () => {
    const cells = Array.from({ length: 10 }, (_, i) => `r/p${i}/x.png`);
    const paths = cells.map((cell, i) => cell.replace('r/', i === 3 ? 'old/' : 's/'));
    const result = await found(cells, paths);
    expect(result.filter((path) => path === '')).toHaveLength(1);
    expect(result[3]).toBe('');
  });
});

/** Folders of a few names, so that names and folders do repeat. */
const tree = fc.uniqueArray(
  fc
    .tuple(
      fc.array(fc.constantFrom('a', 'b', 'p1', 'p2', 'study1', 'study2'), { maxLength: 3 }),
      fc.constantFrom('view1', 'view2', 'pa', 'x'),
    )
    .map(([folders, name]) => [...folders, `${name}.png`].join('/')),
  { minLength: 1, maxLength: 14 },
);
/** No root is called like a folder of the collection: then a path may be there word for word and mean another. */
const root = fc.constantFrom('', 'r/', 'r/s/', 's/', '/data/set/', 'set/');

describe('tables whose films are partly missing', () => {
  it('a row of a collection gets its own film or none, whatever the root is called on either side', async () => {
    await fc.assert(
      fc.asyncProperty(
        tree,
        root,
        root,
        fc.infiniteStream(fc.boolean()),
        async (collection, before, after, drawn) => {
          // Everybody's own file is at the same path below the root; a table and a folder may call the root otherwise.
          const cells = collection.map((path) => before + path);
          const own = collection.map((path) => (after + path).replace(/^\//, ''));
          const kept = own.filter(() => drawn.next().value);
          const result = await found(cells, kept);
          result.forEach((path, i) => {
            if (path !== '' && path !== '?') expect(path).toBe(own[i]);
          });
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('with no film missing and plain roots all rows are found', async () => {
    await fc.assert(
      fc.asyncProperty(tree, async (collection) => {
        expect(await found(collection, collection)).toEqual(collection);
        const named = collection.map((path) => `/data/of/us/${path}`);
        const under = collection.map((path) => `set/${path}`);
        const roots = await found(named, collection);
        const inside = await found(collection, under);
        roots.forEach((path, i) => expect(['', '?', collection[i]]).toContain(path));
        inside.forEach((path, i) => expect(['?', under[i]]).toContain(path));
      }),
      { numRuns: 500 },
    );
  });
});
