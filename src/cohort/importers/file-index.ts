/**
 * Files of a folder, to be looked up by the end of their paths in constant time. Upper and lower case, and the two ways to write an
 * accented letter in Unicode, count as one.
 */
import type { FolderFile } from './importer.ts';

/** A path that a person wrote, ready to be looked up. */
export interface WantedPath {
  /** As `foldPath` gives it. */
  readonly folded: string;
  /** The same without folding case, to prefer a file of the very same name. */
  readonly exact: string;
  /** Parts of the path, the file's name among them. */
  readonly depth: number;
}

/** What was found at the end of a path. */
export type Lookup =
  | {
      readonly kind: 'found';
      readonly file: FolderFile;
      /** Place in `forms`: 0 the name as it is written; the more endings differ, the larger. */
      readonly form: number;
      /** Only upper and lower case differ. */
      readonly caseDiffers: boolean;
    }
  | { readonly kind: 'none' }
  /** The first three of so many files. */
  | { readonly kind: 'ambiguous'; readonly files: readonly FolderFile[]; readonly count: number };

/** No file: one for all paths that have none. */
export const nowhere: Lookup = { kind: 'none' };

/** How often an ending is taken off a file's name, and whether one is taken off the wanted name, form by form. */
const forms: readonly { readonly offFile: 0 | 1 | 2; readonly offWanted: boolean }[] = [
  { offFile: 0, offWanted: false },
  { offFile: 1, offWanted: false },
  { offFile: 1, offWanted: true },
  { offFile: 2, offWanted: false },
  { offFile: 2, offWanted: true },
];

/** Slashes as ours, without quotes, "./" or "/" in front. */
export function tidyPath(cell: string): string {
  const plain = cell.trim().replaceAll('\\', '/');
  return plain.includes('//') || /^\.?\//.test(plain)
    ? plain.replaceAll(/\/{2,}/g, '/').replace(/^(\.?\/)+/, '')
    : plain;
}

/** A path as paths are compared: composed letters, lower case. */
export function foldPath(path: string): string {
  return composed(path).toLowerCase();
}

/** A path of a table or of a film, ready to be looked up. */
export function wantedPath(cell: string): WantedPath {
  const exact = composed(tidyPath(cell));
  return { folded: exact.toLowerCase(), exact, depth: depthOf(exact) };
}

/** The wanted path without its first folders. @param count below its depth. */
export function withoutFirst({ folded, exact, depth }: WantedPath, count: number): WantedPath {
  let cut = 0;
  for (let i = 0; i < count; i++) cut = exact.indexOf('/', cut) + 1;
  return { folded: folded.slice(cut), exact: exact.slice(cut), depth: depth - count };
}

/** The index; each depth of paths is sorted when it is first asked for, once. */
export class FileIndex {
  readonly #files: readonly FolderFile[];
  readonly #endings: RegExp;
  readonly #folded: string[] = [];
  /** By form of the file's name and depth: place of a file, or places of all that end alike. */
  readonly #byEnd = new Map<string, ReadonlyMap<string, number | number[]>>();
  readonly #chosen = new Map<string, Lookup>();

  /** @param endings which endings a wanted name may leave out or have, such as /\.(png|jpe?g)$/i. */
  constructor(files: readonly FolderFile[], endings: RegExp) {
    this.#files = files;
    this.#endings = endings;
  }

  get size(): number {
    return this.#files.length;
  }

  /** The file whose path ends so. Several are ambiguous, unless one is written in the same case, or is the whole path. */
  lookUp(wanted: WantedPath): Lookup {
    if (wanted.exact === '') return nowhere;
    for (let form = 0; form < forms.length; form++) {
      const { offFile, offWanted } = forms[form]!;
      const stem = offWanted ? wanted.folded.replace(this.#endings, '') : wanted.folded;
      if (offWanted && stem === wanted.folded) continue; // Earlier forms have looked for it already.
      const places = this.#ends(offFile, wanted.depth).get(stem);
      if (typeof places === 'number') return this.#one(places, wanted, form);
      if (places) return this.#several(places, wanted, form);
    }
    return nowhere;
  }

  /** A file of that name, wherever it lies; null when there is none. */
  named(wanted: WantedPath): FolderFile | null {
    const found = this.lookUp(withoutFirst(wanted, wanted.depth - 1));
    if (found.kind === 'none') return null;
    return found.kind === 'found' ? found.file : found.files[0]!;
  }

  #one(place: number, { exact }: WantedPath, form: number): Lookup {
    const { offFile, offWanted } = forms[form]!;
    const name = lastPart(this.#without(composed(this.#files[place]!.path), offFile));
    const wanted = lastPart(offWanted ? exact.replace(this.#endings, '') : exact);
    return { kind: 'found', file: this.#files[place]!, form, caseDiffers: name !== wanted };
  }

  /** Thousands of rows may name the same thousands of files, so each wanted path is chosen for once. */
  #several(places: readonly number[], wanted: WantedPath, form: number): Lookup {
    const key = `${form}/${wanted.exact}`;
    const known = this.#chosen.get(key);
    if (known) return known;
    const chosen = this.#choose(places, wanted, form);
    this.#chosen.set(key, chosen);
    return chosen;
  }

  #choose(places: readonly number[], wanted: WantedPath, form: number): Lookup {
    const { offFile, offWanted } = forms[form]!;
    const cut = (path: string): string => (offWanted ? path.replace(this.#endings, '') : path);
    const [exact, folded] = [cut(wanted.exact), cut(wanted.folded)];
    const pathOf = (place: number): string => this.#without(composed(this.#files[place]!.path), offFile);
    const better: readonly ((place: number) => boolean)[] = [
      (place) => pathOf(place) === exact,
      (place) => this.#without(this.#foldedAt(place), offFile) === folded,
      (place) => endsWithPath(pathOf(place), exact),
    ];
    for (const fits of better) {
      const fitting = places.filter(fits);
      if (fitting.length === 1) return this.#one(fitting[0]!, wanted, form);
    }
    return {
      kind: 'ambiguous',
      files: places.slice(0, 3).map((place) => this.#files[place]!),
      count: places.length,
    };
  }

  #ends(offFile: 0 | 1 | 2, depth: number): ReadonlyMap<string, number | number[]> {
    const key = `${offFile}/${depth}`;
    const known = this.#byEnd.get(key);
    if (known) return known;
    const ends = new Map<string, number | number[]>();
    for (let place = 0; place < this.#files.length; place++) {
      const end = lastParts(this.#foldedAt(place), depth);
      const stem = end === null ? null : this.#stem(end, offFile);
      if (stem !== null) append(ends, stem, place);
    }
    this.#byEnd.set(key, ends);
    return ends;
  }

  /** Null where a file has not two endings to take off. */
  #stem(end: string, offFile: 0 | 1 | 2): string | null {
    const once = this.#without(end, offFile === 0 ? 0 : 1);
    if (offFile < 2) return once;
    const twice = this.#without(once, 1);
    return twice === once ? null : twice;
  }

  #without(path: string, times: number): string {
    let rest = path;
    for (let i = 0; i < times; i++) rest = rest.replace(this.#endings, '');
    return rest;
  }

  #foldedAt(place: number): string {
    return (this.#folded[place] ??= foldPath(this.#files[place]!.path));
  }
}

function append(ends: Map<string, number | number[]>, key: string, place: number): void {
  const known = ends.get(key);
  if (known === undefined) ends.set(key, place);
  else if (typeof known === 'number') ends.set(key, [known, place]);
  else known.push(place);
}

/** The last parts of a path; null when it has fewer. */
function lastParts(path: string, count: number): string | null {
  let cut = path.length;
  for (let i = 0; i < count; i++) {
    if (cut <= 0) return null;
    cut = path.lastIndexOf('/', cut - 1);
    if (cut < 0 && i < count - 1) return null;
  }
  return path.slice(cut + 1);
}

function endsWithPath(path: string, end: string): boolean {
  return path === end || path.endsWith(`/${end}`);
}

function depthOf(path: string): number {
  let depth = 1;
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) depth++;
  return depth;
}

/** Most paths are plain ASCII, for which the two forms of Unicode are one. */
function composed(path: string): string {
  return /^[ -~]*$/.test(path) ? path : path.normalize('NFC');
}

/** The file's own name in a path. */
export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
