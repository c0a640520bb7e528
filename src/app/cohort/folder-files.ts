/**
 * The files of a folder, however the person handed it over: a picker, a drop, or a file input. Paths are inside the folder. Listing a large
 * folder takes minutes, so it reports progress and can be stopped.
 */
import { errorSentence, InputError, StoppedError } from '../../errors.ts';
import type { FolderFile } from '../../cohort/importers/importer.ts';

/** How listing a folder reports progress and is stopped. */
export interface FolderWalk {
  /** Called with the number of files found so far. */
  onCount(found: number): void;
  readonly signal: AbortSignal;
}

/** The folder picker, which TypeScript's DOM library does not know yet. */
interface WithDirectoryPicker {
  showDirectoryPicker(options: { id: string; mode: 'read' }): Promise<FileSystemDirectoryHandle>;
}

/** A file or a folder on the way, whichever interface of the browser it came through. */
type Place = FilePlace | FolderPlace;

interface FilePlace {
  readonly kind: 'file';
  readonly path: string;
  open(): Promise<File>;
}

interface FolderPlace {
  readonly kind: 'folder';
  list(): AsyncIterable<Place>;
}

/** The browser answers for one file at a time. Many are requested at once for speed, but few enough that a stop takes effect quickly. */
const filesAtOnce = 256;
const foldersAtOnce = 32;

/** True where the browser can pick a folder with read access only. */
export function hasDirectoryPicker(): boolean {
  return 'showDirectoryPicker' in globalThis;
}

/** Asks for a folder. @returns null when the person closed the picker. @throws StoppedError when the signal asks for it. */
export async function pickFolder(walk: FolderWalk): Promise<readonly FolderFile[] | null> {
  let folder: FileSystemDirectoryHandle;
  try {
    const picker = globalThis as unknown as WithDirectoryPicker;
    folder = await picker.showDirectoryPicker({ id: 'cohort', mode: 'read' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
  return filesOfHandle(folder, walk);
}

/** Files of `<input type=file webkitdirectory>`; the folder's own name is left out of the paths. */
export function filesOfInput(list: FileList): readonly FolderFile[] {
  return [...list].map((file) => ({
    path: file.webkitRelativePath.split('/').slice(1).join('/') || file.name,
    file,
  }));
}

/** Files of a folder's handle. @throws StoppedError when the signal asks for it; InputError naming a file that cannot be opened. */
export function filesOfHandle(
  folder: FileSystemDirectoryHandle,
  walk: FolderWalk,
): Promise<readonly FolderFile[]> {
  return filesOf([placeOfHandle(folder, '')], walk);
}

/** Files of a dropped folder. @throws InputError when no folder was dropped; as filesOfHandle. */
export async function filesOfDrop(transfer: DataTransfer, walk: FolderWalk): Promise<readonly FolderFile[]> {
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
  return filesOf(
    entries.map((entry) => placeOfEntry(entry, entry === only ? '' : entry.name)),
    walk,
  );
}

/** All files of these places and of the folders in them, level by level. */
async function filesOf(places: readonly Place[], walk: FolderWalk): Promise<readonly FolderFile[]> {
  const listing = new Listing(walk);
  let level: readonly FolderPlace[] = await listing.take(places);
  while (level.length > 0) {
    const next: FolderPlace[] = [];
    for (let at = 0; at < level.length; at += foldersAtOnce) {
      const some = level.slice(at, at + foldersAtOnce);
      for (const folders of await Promise.all(some.map((place) => listing.enter(place))))
        next.push(...folders);
    }
    level = next;
  }
  return listing.files;
}

/** The files found so far. */
class Listing {
  readonly files: FolderFile[] = [];
  readonly #walk: FolderWalk;

  constructor(walk: FolderWalk) {
    this.#walk = walk;
  }

  /** Opens what stands in a folder. @returns the folders in it. */
  async enter(folder: FolderPlace): Promise<FolderPlace[]> {
    const folders: FolderPlace[] = [];
    let some: Place[] = [];
    for await (const child of folder.list()) {
      some.push(child);
      if (some.length < filesAtOnce) continue;
      folders.push(...(await this.take(some)));
      some = [];
    }
    return [...folders, ...(await this.take(some))];
  }

  /** Opens the files among the places, all at once. @returns the folders among them. */
  async take(places: readonly Place[]): Promise<FolderPlace[]> {
    if (this.#walk.signal.aborted) throw new StoppedError('Listing the folder was stopped.');
    const opened = await Promise.all(places.filter(isFilePlace).map(openFile));
    this.files.push(...opened);
    this.#walk.onCount(this.files.length);
    return places.filter(isFolderPlace);
  }
}

function isFilePlace(place: Place): place is FilePlace {
  return place.kind === 'file';
}

function isFolderPlace(place: Place): place is FolderPlace {
  return place.kind === 'folder';
}

async function openFile(place: FilePlace): Promise<FolderFile> {
  try {
    return { path: place.path, file: await place.open() };
  } catch (error) {
    throw new InputError(
      `${place.path} cannot be opened (${errorSentence(error)}) Was it moved or deleted just now? Choose the folder again.`,
    );
  }
}

function placeOfHandle(handle: FileSystemHandle, path: string): Place {
  if (handle.kind === 'file')
    return { kind: 'file', path, open: () => (handle as FileSystemFileHandle).getFile() };
  const folder = handle as FileSystemDirectoryHandle;
  return {
    kind: 'folder',
    async *list() {
      for await (const [name, child] of folder.entries()) yield placeOfHandle(child, below(path, name));
    },
  };
}

function placeOfEntry(entry: FileSystemEntry, path: string): Place {
  if (entry.isFile) {
    const open = (): Promise<File> =>
      new Promise((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return { kind: 'file', path, open };
  }
  return {
    kind: 'folder',
    async *list() {
      const reader = (entry as FileSystemDirectoryEntry).createReader();
      for (;;) {
        // At most 100 entries a call, and an empty list at the end.
        const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
          reader.readEntries(resolve, reject),
        );
        if (some.length === 0) return;
        for (const child of some) yield placeOfEntry(child, below(path, child.name));
      }
    },
  };
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}
