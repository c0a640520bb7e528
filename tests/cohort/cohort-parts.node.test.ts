/**
 * The small parts of a cohort: fingerprint, packs, time left, problems.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cohortFingerprint } from '../../src/cohort/cohort-fingerprint.ts';
import { imagesPerPack, type CohortRow } from '../../src/cohort/cohort.ts';
import { gatherImages, packKey } from '../../src/cohort/packs.ts';
import { ProblemList, problemsAsCsv } from '../../src/cohort/problems.ts';

const row: CohortRow = {
  index: 0,
  imageId: 'i',
  patientId: 'p',
  report: 'clear',
  labels: [1, null],
  split: 'train',
  groups: { sex: 'F' },
};

describe('cohortFingerprint', () => {
  const print = (
    change: Partial<CohortRow> = {},
    names = ['a', 'b'],
    side = 32,
    packs = ['f00d'],
  ): Promise<string> => cohortFingerprint([{ ...row, ...change }], names, side, packs);

  it('is SHA-256 over the hashes of packs and rows', async () => {
    const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
    const rows = sha('[["i","p","clear",[1,null],"train"]]');
    const whole = `{"labelNames":["a","b"],"packHashes":["f00d"],"rowCount":1,"rowHashes":["${rows}"],"side":32,"version":1}`;
    expect(await print()).toBe(sha(whole));
  });

  it('changes with everything that a result depends on, and with nothing else', async () => {
    const base = await print();
    const changed = [
      print({ imageId: 'j' }),
      print({ patientId: 'q' }),
      print({ report: 'edema' }),
      print({ labels: [1, 0] }),
      print({ split: 'test' }),
      print({}, ['a', 'c']),
      print({}, ['a', 'b'], 64),
      print({}, ['a', 'b'], 32, ['beef']),
    ];
    expect(new Set([base, ...(await Promise.all(changed))]).size).toBe(changed.length + 1);
    expect(await print({ groups: { sex: 'M' } })).toBe(base);
  });
});

describe('packs', () => {
  it('keeps films apart and in the asked order', async () => {
    const pack = (number: number): Uint8Array =>
      Uint8Array.from({ length: imagesPerPack * 4 }, (_, i) => number * 100 + Math.floor(i / 4));
    const reads: number[] = [];
    const films = await gatherImages([imagesPerPack + 1, 0, 2, imagesPerPack], 2, (number) => {
      reads.push(number);
      return Promise.resolve(pack(number));
    });
    expect([...films]).toEqual([101, 101, 101, 101, 0, 0, 0, 0, 2, 2, 2, 2, 100, 100, 100, 100]);
    expect(reads).toEqual([1, 0]);
  });

  it('says so when a pack is gone or an index is none', async () => {
    await expect(gatherImages([0], 2, () => Promise.resolve(undefined))).rejects.toThrow(/import it again/);
    await expect(gatherImages([3], 2, () => Promise.resolve(new Uint8Array(8)))).rejects.toThrow(RangeError);
  });

  it('sorts keys by number', () => {
    expect([packKey('c', 10), packKey('c', 9)].sort()).toEqual(['c/000009', 'c/000010']);
  });
});

describe('problems', () => {
  it('lists 2,000 of a kind and counts the rest', () => {
    const problems = new ProblemList();
    for (let i = 0; i < 2050; i++) problems.refuse('rows without a film', `row ${i}`, 'x');
    problems.warn('rows without a film', 'row 1', 'y');
    expect(problems.list()).toHaveLength(2002);
    expect(problems.list().at(-1)).toMatchObject({
      severity: 'refused',
      reason: expect.stringMatching(/^50 more/) as string,
      count: 50,
    });
  });

  it('writes a table in which no cell is a formula', () => {
    const csv = problemsAsCsv([{ where: '=HYPERLINK("x")', reason: 'a, "b"', severity: 'warned' }]);
    expect(csv).toBe('severity,where,reason\r\nwarned,"\'=HYPERLINK(""x"")","a, ""b"""\r\n');
  });
});
