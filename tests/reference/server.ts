import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder with the golden numbers: LAB_REFERENCE, or the copy beside this file. */
export function referenceFolder(): string {
  return resolve(process.env['LAB_REFERENCE'] || fileURLToPath(new URL('./data', import.meta.url)));
}

/** One file of the folder, in base 64. @throws when the path leaves the folder. */
export function readReferenceFile(path: string): string {
  const file = resolve(referenceFolder(), path);
  if (!file.startsWith(referenceFolder() + sep))
    throw new Error(`${path} is not inside the reference folder`);
  return readFileSync(file).toString('base64');
}

/** Paths of all JSON files of the folder that hold cases, sorted. */
export function referenceFiles(): string[] {
  return readdirSync(referenceFolder(), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json') && !entry.name.startsWith('config.'))
    .map((entry) => relative(referenceFolder(), join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
