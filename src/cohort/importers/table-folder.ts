/**
 * Paths of a table that lies in a folder of its own, among the folders of other sites: "site1/labels.csv" with "images/a.png" means
 * site1/images/a.png, and never site2/images/a.png where the own film is missing.
 */
import type { MessageBreaks } from '../../progress/message-breaks.ts';
import type { ProblemList } from '../problems.ts';
import { FileIndex, foldPath, tidyPath } from './file-index.ts';
import type { FolderFile } from './importer.ts';
import { joinPaths, type JoinedPaths, type PathMatch, type ReplacedPrefix } from './path-join.ts';

/** Files that a table names, with their index. */
export interface NamedFiles {
  readonly files: readonly FolderFile[];
  readonly index: FileIndex;
  /** Which endings a name may leave out. */
  readonly endings: RegExp;
}

/**
 * Joins the paths of a table with files. Where most of the files that are found lie around the table, only these are meant, but for paths
 * that are written from the chosen folder on.
 */
export async function joinTablePaths(
  paths: readonly string[],
  tablePath: string,
  { files, index, endings }: NamedFiles,
  breaks: MessageBreaks,
): Promise<JoinedPaths> {
  const anywhere = await joinPaths(paths, index, breaks);
  const around = filesAround(tablePath, files);
  if (around.length === files.length) return anywhere;
  const here = await joinPaths(paths, new FileIndex(around, endings), breaks);
  const own = new Set(around);
  const isElsewhere = (match: PathMatch): boolean => match.kind === 'found' && !own.has(match.file);
  const found = here.matches.filter(({ kind }) => kind === 'found').length;
  if (found <= anywhere.matches.filter(isElsewhere).length) return anywhere;
  return {
    prefix: here.prefix,
    matches: here.matches.map((match, i) => {
      const other = anywhere.matches[i]!;
      if (other.kind !== 'found' || !isElsewhere(other)) return match;
      if (foldPath(other.file.path) === foldPath(tidyPath(paths[i]!))) return other;
      return match.kind === 'none' ? { kind: 'none', near: match.near ?? other.file } : match;
    }),
  };
}

/** Files in the innermost folder around the table that holds any; all files where that is the chosen folder. */
function filesAround(tablePath: string, files: readonly FolderFile[]): readonly FolderFile[] {
  const parts = tablePath.split('/').slice(0, -1);
  for (; parts.length > 0; parts.pop()) {
    const folder = `${parts.join('/')}/`;
    const inside = files.filter(({ path }) => path.startsWith(folder));
    if (inside.length > 0) return inside;
  }
  return files;
}

/** Says that a beginning of all paths was passed over. */
export function warnOfPrefix(
  prefix: ReplacedPrefix | null,
  what: 'films' | 'reports',
  where: string,
  problems: ProblemList,
): void {
  if (!prefix) return;
  const there =
    prefix.to === ''
      ? 'and nothing stands for it in this folder'
      : `and in this folder ${prefix.to} stands for it`;
  problems.warn(
    'paths that begin elsewhere',
    where,
    `All paths of ${what} begin with “${prefix.from}”, ${there}; the rest of each path agrees. Look at the pairs, and correct the paths if that is wrong.`,
  );
}
