/** The package webgpu has Dawn for this machine, or a sentence says for which machine it has none. */
import { existsSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { dawnFile } from '../../src/cli/dawn-file.ts';
import { InputError } from '../../src/errors.ts';

test('names a file that is there', () => {
  expect(existsSync(dawnFile())).toBe(true);
});

test('says for which platform there is none', () => {
  const platform = vi.spyOn(process, 'platform', 'get').mockReturnValue('aix');
  expect(() => dawnFile()).toThrow(InputError);
  expect(() => dawnFile()).toThrow('no Dawn for aix');
  platform.mockRestore();
});
