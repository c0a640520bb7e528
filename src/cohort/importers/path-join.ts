/**
 * Which file each of many written paths means. A path's folders must agree with the file's; a beginning that is not in the folder at all
 * ("/data/set/…", a renamed root) is passed over only where it is the same for all paths and stands for the same folders. So a path is
 * joined with its own file or with none.
 */
import type { Breath } from '../../progress/breath.ts';
import type { FileIndex } from './file-index.ts';
import { foldPath, wantedPath, withoutFirst, type Lookup, type WantedPath } from './file-index.ts';
import type { FolderFile } from './importer.ts';

/** What came of one path. */
export type PathMatch =
  | { readonly kind: 'found'; readonly file: FolderFile; readonly caseDiffers: boolean }
  /** `near`: a file of that name lies elsewhere, or belongs to a path that names it better. */
  | { readonly kind: 'none'; readonly near: FolderFile | null }
  | { readonly kind: 'ambiguous'; readonly files: readonly FolderFile[]; readonly count: number };

/** A beginning of all paths that the folder does not have, and what stands in its place there; '' = nothing. */
export interface ReplacedPrefix {
  readonly from: string;
  readonly to: string;
}

/** What came of all paths, in their order. */
export interface JoinedPaths {
  readonly matches: readonly PathMatch[];
  /** Null where no beginning was passed over. */
  readonly prefix: ReplacedPrefix | null;
}

/** Of the paths whose file is certain but for the beginning, at least this share must have the same folders in its place. */
const agreeingShare = 0.8;

/**
 * Joins paths with files, in a time that grows with their number alone.
 * @param paths as they are written; blank ones are found nowhere.
 */
export async function joinPaths(
  paths: readonly string[],
  index: FileIndex,
  breath: Breath,
): Promise<JoinedPaths> {
  const wanted: WantedPath[] = [];
  const lookups: Lookup[] = [];
  for (const path of paths) {
    const one = wantedPath(path);
    wanted.push(one);
    lookups.push(index.lookUp(one));
    await breath.taken();
  }
  const replaced = await replacePrefix(wanted, lookups, index, breath);
  return { matches: settle(wanted, replaced?.lookups ?? lookups, index), prefix: replaced?.prefix ?? null };
}

/** Null where some folder that is written is there, or where nothing that all paths begin with explains them. */
async function replacePrefix(
  wanted: readonly WantedPath[],
  lookups: readonly Lookup[],
  index: FileIndex,
  breath: Breath,
): Promise<{ readonly lookups: readonly Lookup[]; readonly prefix: ReplacedPrefix } | null> {
  const withFolders = wanted.flatMap(({ depth }, i) => (depth > 1 ? i : []));
  if (withFolders.length === 0 || withFolders.some((i) => lookups[i]!.kind !== 'none')) return null;
  const common = commonFolders(withFolders.map((i) => wanted[i]!));
  for (let count = 1; count <= common; count++) {
    const rests = new Map<number, Lookup>();
    for (const i of withFolders) {
      rests.set(i, index.lookUp(withoutFirst(wanted[i]!, count)));
      await breath.taken();
    }
    if ([...rests.values()].every(({ kind }) => kind === 'none')) continue;
    const to = folderInPlace(rests, wanted, count);
    if (to === null) return null;
    const from = wanted[withFolders[0]!]!.exact.split('/').slice(0, count).join('/');
    const own = (i: number): Lookup => inFolder(to.folded, wanted[i]!, count, index);
    return {
      lookups: lookups.map((lookup, i) => (rests.has(i) ? own(i) : lookup)),
      prefix: { from, to: to.path },
    };
  }
  return null;
}

/** Folders that all paths begin with; never the file's own name. */
function commonFolders(wanted: readonly WantedPath[]): number {
  const first = wanted[0]!.folded.split('/').slice(0, -1);
  let count = first.length;
  for (const { folded } of wanted) {
    let at = 0;
    let same = 0;
    while (same < count && folded.startsWith(`${first[same]!}/`, at)) at += first[same++]!.length + 1;
    count = same;
  }
  return count;
}

/** The folders that stand where the passed-over beginning was; null where they differ from path to path. */
function folderInPlace(
  rests: ReadonlyMap<number, Lookup>,
  wanted: readonly WantedPath[],
  count: number,
): { readonly folded: string; readonly path: string } | null {
  const counts = new Map<string, { count: number; readonly path: string }>();
  let certain = 0;
  for (const [i, lookup] of rests) {
    if (lookup.kind !== 'found') continue;
    certain++;
    const path = folderBefore(lookup.file.path, wanted[i]!.depth - count);
    const known = counts.get(foldPath(path));
    if (known) known.count++;
    else counts.set(foldPath(path), { count: 1, path });
  }
  for (const [folded, { count: agreeing, path }] of counts)
    if (agreeing >= agreeingShare * certain) return { folded, path };
  return null;
}

/** The folders before the last parts of a path. */
function folderBefore(path: string, parts: number): string {
  return path.split('/').slice(0, -parts).join('/');
}

/** The file that the rest of a path names in a folder, there and nowhere else. */
function inFolder(folder: string, wanted: WantedPath, count: number, index: FileIndex): Lookup {
  const rest = withoutFirst(wanted, count);
  const whole = folder === '' ? rest : wantedPath(`${folder}/${rest.exact}`);
  const found = index.lookUp(whole);
  if (found.kind !== 'found') return found;
  return foldPath(folderBefore(found.file.path, rest.depth)) === folder ? found : { kind: 'none' };
}

/**
 * Each file goes to the path that names it best: with its own ending before another, in its own case before another, with more folders
 * before fewer. Where several different paths name it equally well by less than its own name, none can be told to be right.
 */
function settle(wanted: readonly WantedPath[], lookups: readonly Lookup[], index: FileIndex): PathMatch[] {
  const best = new Map<FolderFile, { quality: number; readonly names: Set<string> }>();
  lookups.forEach((lookup, i) => {
    if (lookup.kind !== 'found') return;
    const quality = qualityOf(lookup, wanted[i]!);
    const known = best.get(lookup.file);
    if (!known || quality > known.quality)
      best.set(lookup.file, { quality, names: new Set([wanted[i]!.folded]) });
    else if (quality === known.quality) known.names.add(wanted[i]!.folded);
  });
  return lookups.map((lookup, i) => {
    if (lookup.kind === 'ambiguous') return lookup;
    if (lookup.kind === 'none') return { kind: 'none', near: index.named(wanted[i]!) };
    const { quality, names } = best.get(lookup.file)!;
    if (qualityOf(lookup, wanted[i]!) < quality || names.size > 1) return { kind: 'none', near: lookup.file };
    return { kind: 'found', file: lookup.file, caseDiffers: lookup.caseDiffers };
  });
}

/** Larger is better. Folders count last: paths are rarely 1,000 folders deep. */
function qualityOf({ form, caseDiffers }: Extract<Lookup, { kind: 'found' }>, { depth }: WantedPath): number {
  return -10_000 * form - (caseDiffers ? 1000 : 0) + Math.min(depth, 999);
}
