/**
 * Finds the text files that are reports by where they lie: beside the film with its name, in a tree of reports that mirrors the tree of
 * films, beside the folder of the film's study with that folder's name, or alone in that folder.
 */
import type { MessageBreaks } from '../../progress/message-breaks.ts';
import type { FolderContents } from './folder-contents.ts';
import { imageEndings, reportEndings } from './folder-contents.ts';
import type { FolderFile } from './importer.ts';
import { lastPart } from './file-index.ts';
import { joinPaths, type ReplacedPrefix } from './path-join.ts';

/** A film and whose it is; null where the table does not say. */
export interface OwnedFilm {
  readonly film: FolderFile;
  readonly patientId: string | null;
}

/** Reports of films, in their order, and what was passed over in paths to find them. */
export interface FoundReports {
  readonly files: readonly (FolderFile | null)[];
  readonly prefixes: readonly ReplacedPrefix[];
}

/** Names of text files about the folder, not about a film. */
export const aboutTheFolder =
  /(^|\/)(readme|licen[cs]e|changelog|notes?|index|sha\d*sums?|checksums?|requirements|citation|attributions?|credits|disclaimer|terms|about|data_?dictionary|md5\w*|files?list|\w+_list)\.txt$/i;

/** Largest number of films that may share a report where no patient is known: a study has only a few. */
const mostFilmsOfStudy = 12;

/** Looks for the reports of films. A file serves the films of one patient only. */
export async function findReportFiles(
  films: readonly OwnedFilm[],
  { reports, reportIndex }: FolderContents,
  breaks: MessageBreaks,
): Promise<FoundReports> {
  const found = films.map((): FolderFile | null => null);
  const prefixes: ReplacedPrefix[] = [];
  const candidates = reports.filter(({ path }) => !aboutTheFolder.test(path));
  if (candidates.length === 0) return { files: found, prefixes };
  const take = (files: readonly (FolderFile | null)[]): void => {
    const shared = sharedReports(films, files);
    files.forEach((file, i) => {
      if (file && !shared.has(file)) found[i] ??= file;
    });
  };
  const own = new Map(candidates.map((file) => [stemOf(file.path), file]));
  take(films.map(({ film }) => own.get(stemOf(film.path)) ?? null));
  for (const pathOf of [stemOf, folderOf]) {
    const paths = films.map(({ film }) => pathOf(film.path));
    const { matches, prefix } = await joinPaths(paths, reportIndex, breaks);
    take(matches.map((match) => (match.kind === 'found' ? match.file : null)));
    if (prefix) prefixes.push(prefix);
  }
  take(byName(films, candidates));
  take(loneInFolder(films, candidates, new Set(found)));
  return { files: found, prefixes };
}

/** Names that no other film and no other report has, where films of several patients lie together, so that names tell them apart. */
function byName(films: readonly OwnedFilm[], reports: readonly FolderFile[]): (FolderFile | null)[] {
  const nameOf = (path: string): string => lastPart(stemOf(path)).toLowerCase();
  const filmNames = countBy(films, ({ film }) => nameOf(film.path));
  const folders = countBy(films, ({ film }) => folderOf(film.path));
  const reportNames = countBy(reports, ({ path }) => nameOf(path));
  const byNames = new Map(reports.map((file) => [nameOf(file.path), file]));
  return films.map(({ film }) => {
    const name = nameOf(film.path);
    const tells = filmNames.get(name) === 1 && reportNames.get(name) === 1;
    return tells && folders.get(folderOf(film.path))! > 1 ? byNames.get(name)! : null;
  });
}

/** A folder's only text file, where several folders of films have one: "study1/report.txt". */
function loneInFolder(
  films: readonly OwnedFilm[],
  reports: readonly FolderFile[],
  taken: ReadonlySet<FolderFile | null>,
): (FolderFile | null)[] {
  const left = reports.filter((file) => !taken.has(file));
  const counts = countBy(left, ({ path }) => folderOf(path));
  const lone = new Map(left.map((file) => [folderOf(file.path), file]));
  const files = films.map(({ film }) => {
    const folder = folderOf(film.path);
    return counts.get(folder) === 1 ? lone.get(folder)! : null;
  });
  // One such file may be anything; two in two folders show that reports are kept this way.
  return new Set(files.filter((file) => file !== null)).size < 2 ? films.map(() => null) : files;
}

/** Files that would serve films of several patients. */
function sharedReports(
  films: readonly OwnedFilm[],
  files: readonly (FolderFile | null)[],
): ReadonlySet<FolderFile> {
  const owners = new Map<FolderFile, { readonly patientId: string | null; films: number }>();
  const shared = new Set<FolderFile>();
  files.forEach((file, i) => {
    if (file === null) return;
    const { patientId } = films[i]!;
    const known = owners.get(file);
    if (!known) owners.set(file, { patientId, films: 1 });
    else if (known.patientId !== patientId || (patientId === null && ++known.films > mostFilmsOfStudy))
      shared.add(file);
  });
  return shared;
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

function stemOf(path: string): string {
  return path.replace(imageEndings, '').replace(reportEndings, '');
}

function folderOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '' : path.slice(0, cut);
}
