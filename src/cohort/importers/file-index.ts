/**
 * Finds the file that a cell of a table means: by its whole path, by the end of its path, by its name, or by its name without ending.
 */
import type { FolderFile } from './importer.ts';

/** What was found for a cell. */
export type FileMatch =
  | {
      readonly kind: 'found';
      readonly file: FolderFile;
      /** Only upper and lower case differ. */
      readonly caseDiffers: boolean;
      /** The cell names folders, but only the file's own name agrees. */
      readonly byNameOnly: boolean;
    }
  | { readonly kind: 'none' }
  | { readonly kind: 'ambiguous'; readonly paths: readonly string[] };

/** Files of a folder, to be looked up by what people write into tables. */
export class FileIndex {
  readonly #byName = new Map<string, FolderFile[]>();
  readonly #byStem = new Map<string, FolderFile[]>();
  readonly #endings: RegExp;

  /** @param endings which endings a cell may leave out or have, such as /\.(png|jpe?g)$/i. */
  constructor(files: readonly FolderFile[], endings: RegExp) {
    this.#endings = endings;
    for (const file of files) {
      const name = lastPart(file.path).toLowerCase();
      append(this.#byName, name, file);
      append(this.#byStem, name.replace(endings, ''), file);
    }
  }

  /** The file that the cell means. Where several have its name, the one whose folders agree best; a tie is ambiguous. */
  find(cell: string): FileMatch {
    const path = tidyPath(cell);
    const name = lastPart(path).toLowerCase();
    if (name === '') return { kind: 'none' };
    const named = this.#byName.get(name);
    if (named) return choose(named, path);
    const stemmed = this.#byStem.get(name.replace(this.#endings, ''));
    return stemmed ? choose(stemmed, path, this.#endings) : { kind: 'none' };
  }
}

function choose(candidates: readonly FolderFile[], path: string, endings?: RegExp): FileMatch {
  const wanted = parts(path, endings);
  const scored = candidates.map((file) => ({ file, score: agreement(parts(file.path, endings), wanted) }));
  const best = scored.reduce((most, one) => (one.score > most.score ? one : most));
  const tied = scored.filter(({ score }) => score === best.score);
  if (tied.length > 1) return { kind: 'ambiguous', paths: tied.map(({ file }) => file.path) };
  const own = parts(best.file.path, endings).slice(-wanted.length);
  return {
    kind: 'found',
    file: best.file,
    caseDiffers: own.at(-1) !== wanted.at(-1),
    byNameOnly: wanted.length > 1 && Math.floor(best.score) === 1,
  };
}

/**
 * Number of parts that agree from the end on, whatever their case; the fraction prefers the same case, and the whole path to its end.
 */
function agreement(path: readonly string[], wanted: readonly string[]): number {
  let agreeing = 0;
  let sameCase = 0;
  for (let i = 1; i <= Math.min(path.length, wanted.length); i++) {
    const [a, b] = [path.at(-i)!, wanted.at(-i)!];
    if (a.toLowerCase() !== b.toLowerCase()) break;
    agreeing++;
    if (a === b) sameCase++;
  }
  const isWhole = path.length === wanted.length && agreeing === path.length;
  return agreeing + (0.5 * sameCase) / (agreeing + 1) + (isWhole ? 0.25 / (agreeing + 1) : 0);
}

function parts(path: string, endings?: RegExp): string[] {
  return (endings ? path.replace(endings, '') : path).split('/');
}

/** Slashes as ours, without "./" or "/" in front. */
function tidyPath(cell: string): string {
  return cell
    .trim()
    .replaceAll('\\', '/')
    .replace(/^(\.?\/)+/, '');
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function append(map: Map<string, FolderFile[]>, key: string, file: FolderFile): void {
  const list = map.get(key);
  if (list) list.push(file);
  else map.set(key, [file]);
}
