/**
 * Which file each of many written paths means. A path's folders must agree with the file's; a beginning that is not in the folder at all
 * ("/data/set/…", a renamed root) is passed over only where it is the same for all paths and stands for the same folders. So a path is
 * joined with the right file or with none.
 */
import type { MessageBreaks } from '../../progress/message-breaks.ts';
import { readSplitCell } from './cell-values.ts';
import type { FileIndex } from './file-index.ts';
import {
  foldPath,
  lastPart,
  wantedPath,
  withoutFirst,
  nowhere,
  type Lookup,
  type WantedPath,
} from './file-index.ts';
import type { FolderFile } from './importer.ts';
import { patientInPath } from './patient-in-path.ts';

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

/** A path with what the end of it that was looked up has found. */
interface Sought {
  /** The path, without a beginning that was passed over. */
  readonly end: WantedPath;
  readonly passedOver: boolean;
  readonly lookup: Lookup;
}

type Found = Sought & { readonly lookup: Extract<Lookup, { kind: 'found' }> };

/**
 * Joins paths with files, in a time that grows with their number alone.
 * @param paths as they are written; blank ones are found nowhere.
 */
export async function joinPaths(
  paths: readonly string[],
  index: FileIndex,
  breaks: MessageBreaks,
): Promise<JoinedPaths> {
  const sought: Sought[] = [];
  for (const path of paths) {
    const end = wantedPath(path);
    sought.push({ end, passedOver: false, lookup: index.lookUp(end) });
    await breaks.pauseIfDue();
  }
  const prefix = await replacePrefix(sought, index, breaks);
  return { matches: settle(sought, index), prefix };
}

/**
 * Looks again without what all paths begin with, and puts what was found in place of what was not: of a quarter of a million paths a second
 * copy would cost much memory. Null where some folder that is written is there, or where no common beginning explains the paths.
 */
async function replacePrefix(
  sought: Sought[],
  index: FileIndex,
  breaks: MessageBreaks,
): Promise<ReplacedPrefix | null> {
  const withFolders = sought.filter(({ end }) => end.depth > 1);
  if (withFolders.length === 0 || withFolders.some(({ lookup }) => lookup.kind !== 'none')) return null;
  const common = commonFolders(withFolders.map(({ end }) => end));
  const first = withFolders[0]!.end.exact;
  for (let count = 1; count <= common; count++) {
    let isFoundOnce = false;
    for (let i = 0; i < sought.length; i++) {
      const one = sought[i]!;
      if (!one.passedOver && one.end.depth === 1) continue;
      sought[i] = withoutFirstFolder(one, index);
      isFoundOnce ||= sought[i]!.lookup.kind !== 'none';
      await breaks.pauseIfDue();
    }
    if (!isFoundOnce) continue;
    const to = folderInPlace(sought);
    const from = first.split('/').slice(0, count).join('/');
    const isOne = to !== null && !contradicts(from, to.path);
    for (let i = 0; i < sought.length; i++) {
      const one = sought[i]!;
      if (one.passedOver) sought[i] = isOne ? inFolder(to.folded, one, index) : { ...one, lookup: nowhere };
    }
    return isOne ? { from, to: to.path } : null;
  }
  return null;
}

/**
 * Whether folders cannot stand for one another, although all paths agree on it: those of another side of the split, of another patient, or
 * of another number ("study5" for "study7").
 */
function contradicts(from: string, to: string): boolean {
  const sides = (path: string): string[] => path.split('/').flatMap((part) => readSplitCell(part) ?? []);
  const [sidesFrom, sidesTo] = [sides(from), sides(to)];
  if (sidesFrom.length > 0 && sidesTo.length > 0 && !sidesTo.some((side) => sidesFrom.includes(side)))
    return true;
  const [patientFrom, patientTo] = [patientInPath(`${from}/`), patientInPath(`${to}/`)];
  if (patientFrom !== null && patientTo !== null && patientFrom !== patientTo) return true;
  const [a, b] = [numbered.exec(lastPart(from)), numbered.exec(lastPart(to))];
  return (
    a !== null && b !== null && a[1]!.toLowerCase() === b[1]!.toLowerCase() && Number(a[2]) !== Number(b[2])
  );
}

/** A folder called by a word and a number. */
const numbered = /^([a-z]+[ _-]?)(\d+)$/i;

function withoutFirstFolder({ end }: Sought, index: FileIndex): Sought {
  const rest = withoutFirst(end, 1);
  return { end: rest, passedOver: true, lookup: index.lookUp(rest) };
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
function folderInPlace(sought: readonly Sought[]): { readonly folded: string; readonly path: string } | null {
  const counts = new Map<string, { count: number; readonly path: string }>();
  const claims = bestClaims(sought);
  let certain = 0;
  for (const one of sought) {
    // A film that another path names with more of its folders is no evidence for this path.
    if (!one.passedOver || !isFound(one) || !isBest(one, claims)) continue;
    certain++;
    const path = folderBefore(one.lookup.file.path, one.end.depth);
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
  let cut = path.length;
  for (let i = 0; i < parts && cut >= 0; i++) cut = path.lastIndexOf('/', cut - 1);
  return path.slice(0, Math.max(0, cut));
}

/** The file that the rest of a path names in a folder, there and nowhere else. */
function inFolder(folder: string, one: Sought, index: FileIndex): Sought {
  const { end } = one;
  if (isFound(one) && foldPath(folderBefore(one.lookup.file.path, end.depth)) === folder) return one;
  const lookup = index.lookUp(folder === '' ? end : wantedPath(`${folder}/${end.exact}`));
  const isThere = lookup.kind !== 'found' || foldPath(folderBefore(lookup.file.path, end.depth)) === folder;
  return { end, passedOver: true, lookup: isThere ? lookup : nowhere };
}

/**
 * Each file goes to the path that names it best: with its own ending before another, whole before without its beginning, in its own case
 * before another, with more folders before fewer. Where several different paths name it equally well by less than its own name, none can
 * be told to be right.
 */
function settle(sought: readonly Sought[], index: FileIndex): PathMatch[] {
  const claims = bestClaims(sought);
  return sought.map((one): PathMatch => {
    const { lookup, end } = one;
    if (lookup.kind === 'ambiguous') return lookup;
    if (!isFound(one)) return { kind: 'none', near: index.named(end) };
    const { file } = one.lookup;
    return !claims.get(file)!.isShared && isBest(one, claims) ? one.lookup : { kind: 'none', near: file };
  });
}

interface Claim {
  readonly quality: number;
  readonly folded: string;
  /** Several different paths name the file as well. */
  isShared: boolean;
}

function bestClaims(sought: readonly Sought[]): Map<FolderFile, Claim> {
  const best = new Map<FolderFile, Claim>();
  for (const one of sought) {
    if (!isFound(one)) continue;
    const { file } = one.lookup;
    const { folded } = one.end;
    const quality = qualityOf(one);
    const known = best.get(file);
    if (!known || quality > known.quality) best.set(file, { quality, folded, isShared: false });
    else if (quality === known.quality && known.folded !== folded) known.isShared = true;
  }
  return best;
}

function isFound(one: Sought): one is Found {
  return one.lookup.kind === 'found';
}

function isBest(one: Found, claims: ReadonlyMap<FolderFile, Claim>): boolean {
  return qualityOf(one) === claims.get(one.lookup.file)!.quality;
}

/** Larger is better. Folders count last: paths are rarely 1,000 folders deep. */
function qualityOf({ lookup: { form, caseDiffers }, passedOver, end }: Found): number {
  return -10_000 * form - (passedOver ? 4000 : 0) - (caseDiffers ? 2000 : 0) + Math.min(end.depth, 1000);
}
