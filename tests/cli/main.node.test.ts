/** The entry: which Node versions it takes, and when it installs. */
import { expect, test } from 'vitest';

interface Lock {
  readonly packages: Readonly<Record<string, { version?: string; integrity?: string; optional?: boolean }>>;
}

// Plain JavaScript without declarations, because it runs before anything is installed: so it is imported by its address.
const { isInstalled, isNodeSupported } = (await import(
  new URL('../../src/cli/main.mjs', import.meta.url).href
)) as {
  readonly isInstalled: (lock: Lock, installed: Lock | null) => boolean;
  readonly isNodeSupported: (version: string) => boolean;
};

test.each([
  ['18.20.0', false],
  ['20.18.9', false],
  ['20.19.0', true],
  ['21.7.0', false],
  ['22.11.0', false],
  ['22.12.0', true],
  ['24.0.0', true],
])('Node %s: %s', (version, supported) => expect(isNodeSupported(version)).toBe(supported));

const lock: Lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/b-darwin': { version: '2.0.0', integrity: 'sha512-b', optional: true },
  },
};
const only = (packages: Lock['packages']): Lock => ({ packages });

test.each([
  ['nothing', null, false],
  [
    'all that this machine needs',
    only({ 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } }),
    true,
  ],
  ['another version', only({ 'node_modules/a': { version: '0.9.0', integrity: 'sha512-a' } }), false],
  ['another content', only({ 'node_modules/a': { version: '1.0.0', integrity: 'sha512-x' } }), false],
  ['a package too few', only({}), false],
])('with %s installed: %s', (_, installed, expected) => expect(isInstalled(lock, installed)).toBe(expected));
