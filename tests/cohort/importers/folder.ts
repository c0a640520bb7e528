/**
 * Folders made in the test: paths with their content.
 */
import type { FolderFile } from '../../../src/cohort/importers/importer.ts';

export function folderOf(contents: Readonly<Record<string, BlobPart>>): FolderFile[] {
  return Object.entries(contents).map(([path, content]) => ({
    path,
    file: new File([content], path.slice(path.lastIndexOf('/') + 1)),
  }));
}

/** Films p1.png … that nobody decodes. */
export function films(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, 'film']));
}
