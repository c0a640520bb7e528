/** Packages: each version pinned to the last digit, each licence known and permissive. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './sources.ts';

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type Versions = Readonly<Record<string, string>>;

const read = <T>(name: string): T => JSON.parse(readFileSync(join(root, name), 'utf8')) as T;
const manifest = read<{ dependencies: Versions; devDependencies: Versions }>('package.json');
const { packages } = read<{ packages: Readonly<Record<string, LockedPackage>> }>('package-lock.json');

const permissive = [
  'MIT',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
];
/** Builds the page and is not part of it; its style compiler, lightningcss, is under the MPL. */
const buildTools = ['vite'];

test('versions are pinned exactly', () => {
  const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(versions.length).toBeGreaterThan(10);
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test('what is shipped has permissive licences', () => {
  const shipped = Object.keys(manifest.dependencies).filter((name) => !buildTools.includes(name));
  expect(licencesOutside(reachable(shipped), permissive)).toEqual([]);
});

test('what builds the page has permissive licences, or the MPL, which asks nothing of what it builds', () => {
  expect(licencesOutside(reachable(buildTools), [...permissive, 'MPL-2.0'])).toEqual([]);
});

/** Lock paths of the packages and of all that they need, resolved as Node does: the nearest node_modules upwards. */
function reachable(names: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (from: string, name: string): void => {
    const path = resolvePackage(from, name);
    if (path === undefined || found.has(path)) return;
    found.add(path);
    const { dependencies = {}, optionalDependencies = {} } = packages[path]!;
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) visit(path, next);
  };
  for (const name of names) visit('', name);
  expect(found.size).toBeGreaterThanOrEqual(names.length);
  return [...found];
}

function resolvePackage(from: string, name: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const path = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (path in packages) return path;
    if (at === '') return undefined;
  }
}

function licencesOutside(paths: readonly string[], allowed: readonly string[]): string[] {
  return paths
    .filter(
      (path) =>
        !(packages[path]!.license ?? 'none')
          .split(/ AND | OR |[()]/)
          .filter(Boolean)
          .every((one) => allowed.includes(one)),
    )
    .map((path) => `${path}: ${packages[path]!.license ?? 'none'}`);
}
