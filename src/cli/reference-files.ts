import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder with the golden numbers: LAB_REFERENCE, or the copy beside this file. */
export function referenceFolder(): string {
  return resolve(
    process.env['LAB_REFERENCE'] || fileURLToPath(new URL('../../tests/reference/data', import.meta.url)),
  );
}

/** The path of a published text encoder's file: in LAB_TEXT_ENCODERS, or where they lie beside the repository. Often it is not there. */
export function textEncoderFile(path: string): string {
  const beside = fileURLToPath(new URL('../../../shared/data/text-encoders', import.meta.url));
  const folder = resolve(process.env['LAB_TEXT_ENCODERS'] || beside);
  const file = resolve(folder, path);
  if (!file.startsWith(folder + sep)) throw new Error(`${path} is not inside the folder of text encoders`);
  return file;
}

/** A published text encoder's file in base 64; null where it is not there. */
export function readTextEncoderFile(path: string): string | null {
  const file = textEncoderFile(path);
  return existsSync(file) ? readFileSync(file).toString('base64') : null;
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
