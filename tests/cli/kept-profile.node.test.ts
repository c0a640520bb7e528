/** The note beside a kept profile: what it lets go on, and what it refuses to mix. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KeptProfile } from '../../src/cli/kept-profile.ts';
import { InputError } from '../../src/errors.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'reading-room-kept-'));
});
afterEach(() => rmSync(parent, { recursive: true }));

describe('a kept profile', () => {
  test('begins in a new folder and remembers what it is told', () => {
    const folder = join(parent, 'new', 'profile');
    const profile = new KeptProfile(folder);
    expect(profile.note).toEqual({});
    profile.keep({ port: 4321 });
    profile.keep({ cohort: '/films, side 96' });
    expect(new KeptProfile(folder).note).toEqual({ port: 4321, cohort: '/films, side 96' });
    expect(existsSync(join(folder, 'reading-room.json.new'))).toBe(false);
  });

  test('is one as soon as it is begun, whatever the browser has put there', () => {
    new KeptProfile(parent);
    writeFileSync(join(parent, 'Local State'), '{}');
    expect(new KeptProfile(parent).note).toEqual({});
  });

  test('holds one cohort', () => {
    const profile = new KeptProfile(parent);
    expect(profile.holdsCohort('/a')).toBe(false);
    profile.keep({ cohort: '/a' });
    expect(profile.holdsCohort('/a')).toBe(true);
    expect(() => profile.holdsCohort('/b')).toThrow(InputError);
    expect(() => profile.holdsCohort('/b')).toThrow('holds another cohort (/a; asked for: /b)');
  });

  test.each([
    ['other files', 'notes.txt', 'mine'],
    ['a note that is not whole', 'reading-room.json', '{"format": "reading-room-pro'],
    ['a note of something else', 'reading-room.json', '{"format": "else"}'],
  ])('is not made of a folder with %s, which stays as it is', (_, name, text) => {
    writeFileSync(join(parent, name), text);
    expect(() => new KeptProfile(parent)).toThrow('must be a new or empty folder');
    expect(readFileSync(join(parent, name), 'utf8')).toBe(text);
  });
});
