/**
 * The files of a folder, however the person handed it over: a picker, a drop, or a file input. Paths are inside the folder.
 */
import { InputError } from '../errors.ts';
import type { FolderFile } from '../cohort/importers/importer.ts';

/** The folder picker, which TypeScript's DOM library does not know yet. */
interface WithDirectoryPicker {
  showDirectoryPicker(options: { id: string; mode: 'read' }): Promise<FileSystemDirectoryHandle>;
}

/** True where the browser can pick a folder with read access only. */
export function hasDirectoryPicker(): boolean {
  return 'showDirectoryPicker' in globalThis;
}

/** Asks for a folder. @returns null when the person closed the picker. */
export async function pickFolder(): Promise<readonly FolderFile[] | null> {
  try {
    const picker = globalThis as unknown as WithDirectoryPicker;
    return await walkHandle(await picker.showDirectoryPicker({ id: 'cohort', mode: 'read' }), '');
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}

/** Files of `<input type=file webkitdirectory>`; the folder's own name is left out of the paths. */
export function filesOfInput(list: FileList): readonly FolderFile[] {
  return [...list].map((file) => ({
    path: file.webkitRelativePath.split('/').slice(1).join('/') || file.name,
    file,
  }));
}

/** Files of a dropped folder. @throws InputError when no folder was dropped. */
export async function filesOfDrop(transfer: DataTransfer): Promise<readonly FolderFile[]> {
  // Entries must be taken before the first await: the transfer is emptied when the event ends.
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  const only = entries.length === 1 ? entries[0] : undefined;
  if (only && !only.isDirectory) {
    throw new InputError(
      `"${only.name}" is one file; drop the folder that holds the films and the labels table.`,
    );
  }
  const lists = await Promise.all(entries.map((entry) => walkEntry(entry, entry === only ? '' : entry.name)));
  return lists.flat();
}

async function walkHandle(directory: FileSystemDirectoryHandle, prefix: string): Promise<FolderFile[]> {
  const found: FolderFile[] = [];
  for await (const [name, handle] of directory.entries()) {
    if (handle.kind === 'directory') {
      found.push(...(await walkHandle(handle, `${prefix}${name}/`)));
    } else {
      found.push({ path: `${prefix}${name}`, file: await handle.getFile() });
    }
  }
  return found;
}

async function walkEntry(entry: FileSystemEntry, path: string): Promise<FolderFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ path, file }];
  }
  const found: FolderFile[] = [];
  for (const child of await readAllEntries((entry as FileSystemDirectoryEntry).createReader())) {
    found.push(...(await walkEntry(child, path ? `${path}/${child.name}` : child.name)));
  }
  return found;
}

/** A reader gives at most 100 entries a call, and an empty list at the end. */
async function readAllEntries(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}
