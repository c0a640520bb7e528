/**
 * Builds the page when its sources have changed since the last build: a hash over every source file stands in dist/.build.json.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { build } from 'vite';
import { distFolder, repositoryRoot } from './repository.ts';

const sourceFolders = ['public', 'src', 'workers'];
const sourceFiles = [
  'index.html',
  'package-lock.json',
  'package.json',
  'svelte.config.js',
  'tsconfig.json',
  'vite.config.ts',
];

/**
 * Builds dist/ unless it was built from exactly these sources.
 * @returns true when it built, false when there was nothing to do.
 */
export async function buildWhenNeeded(say: (line: string) => void): Promise<boolean> {
  const wanted = hashSources(repositoryRoot);
  const stamp = join(distFolder, '.build.json');
  if (readStamp(stamp) === wanted) return false;
  say('Building the page …');
  await build({ root: repositoryRoot, logLevel: 'error' });
  writeFileSync(stamp, JSON.stringify({ sources: wanted }));
  return true;
}

/** SHA-256 over the paths and contents of all files that the build reads, as hexadecimal digits. */
export function hashSources(root: string): string {
  const hash = createHash('sha256');
  for (const path of [
    ...sourceFolders.flatMap((folder) => filesBelow(root, folder)),
    ...sourceFiles,
  ].sort()) {
    const file = join(root, path);
    // The command line is not part of the page: changing it needs no new build.
    if (path.startsWith('src/cli/') || !existsSync(file)) continue;
    const content = readFileSync(file);
    hash.update(`${path}\0${content.byteLength}\0`).update(content);
  }
  return hash.digest('hex');
}

function filesBelow(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

function readStamp(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  return (JSON.parse(readFileSync(path, 'utf8')) as { sources?: string }).sources;
}
