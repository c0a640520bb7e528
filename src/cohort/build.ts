/**
 * Builds rows and packs from found films: decode, make square, pack, split, fingerprint. The caller decides where packs are stored.
 */
import { errorSentence, InputError, StoppedError } from '../errors.ts';
import { sha256 } from '../identity/fingerprint.ts';
import { MessageBreaks } from '../progress/message-breaks.ts';
import { RemainingTime, type RemainingMs } from '../progress/remaining-time.ts';
import {
  imagesPerPack,
  type CohortRow,
  type ImportProblem,
  type SplitFractions,
  type SquareFit,
  type StatedSide,
} from './cohort.ts';
import { cohortFingerprint } from './cohort-fingerprint.ts';
import { decodeImage } from './decoders/registry.ts';
import { hasLittleContrast } from './image-window.ts';
import type { FoundImage } from './importers/importer.ts';
import { chooseSides } from './official-split.ts';
import type { ProblemList } from './problems.ts';
import { squareImage } from './square.ts';

/** What a build needs to know. */
export interface BuildOptions {
  /** Side in px of the square films, an integer in [16, 1024]. */
  readonly side: number;
  readonly fit: SquareFit;
  readonly seed: number;
  readonly fractions: SplitFractions;
}

/** An image ready for its pack, its side of the split still open. */
export interface SquaredImage extends Omit<CohortRow, 'index' | 'split'> {
  readonly split: StatedSide;
  /** side × side grey bytes. */
  readonly pixels: Uint8Array;
}

/** Images in the order of the rows; null stands for one that was refused, so that progress counts it. */
export interface IncomingImages {
  readonly films: AsyncIterable<SquaredImage | null> | Iterable<SquaredImage | null>;
  readonly total: number;
  readonly labelNames: readonly string[];
}

/** Where a build's output goes, and how it is stopped. */
export interface BuildSink {
  /** Keeps one pack; called in order, once a pack. */
  writePack(pack: number, pixels: Uint8Array<ArrayBuffer>): Promise<void>;
  onProgress(done: number, total: number, remainingMs: RemainingMs | null): void;
  readonly signal: AbortSignal;
}

/** Everything of a cohort but its packs. */
export interface BuiltCohort {
  readonly rows: readonly CohortRow[];
  readonly patientCount: number;
  readonly fingerprint: string;
  readonly problems: readonly ImportProblem[];
}

/** Checks the options. @throws InputError naming the one that does not. */
export function checkBuildOptions({ side, seed }: BuildOptions): void {
  if (!(Number.isInteger(side) && side >= 16 && side <= 1024))
    throw new InputError(
      `The side of the stored films must be a whole number from 16 to 1024 px; it is ${side}.`,
    );
  if (!Number.isFinite(seed)) throw new InputError(`The seed must be a number; it is ${seed}.`);
}

/**
 * Decodes found films one by one and makes them square. A film that cannot be read is refused by its path, and the rest go on.
 */
export async function* squareFound(
  found: readonly FoundImage[],
  { side, fit }: BuildOptions,
  problems: ProblemList,
): AsyncGenerator<SquaredImage | null> {
  for (const { file, path, ...film } of found) {
    const pixels = await squarePixels(file, path, side, fit, problems);
    yield pixels && { ...film, pixels };
  }
}

async function squarePixels(
  file: File,
  path: string,
  side: number,
  fit: SquareFit,
  problems: ProblemList,
): Promise<Uint8Array | null> {
  try {
    const film = await decodeImage(new Uint8Array(await file.arrayBuffer()));
    const pixels = squareImage(film, side, fit);
    if (film.doubt) problems.warn('films that look damaged', path, film.doubt);
    if (pixels.every((level) => level === pixels[0]))
      problems.warn(
        'films of one grey level',
        path,
        'The whole film has one grey level; look at it, and leave it out if it is empty.',
      );
    else if (film.bitDepth > 8 && hasLittleContrast(pixels))
      problems.warn(
        'films with little contrast',
        path,
        'Most of the film lies in a few of the 256 grey levels that are kept; look at it, and export it without borders if it has some.',
      );
    return pixels;
  } catch (error) {
    problems.refuse('films that cannot be read', path, unreadable(error));
    return null;
  }
}

/** An error while reading one film concerns that film alone, such as a moved file or too little memory. */
function unreadable(error: unknown): string {
  if (error instanceof InputError) return error.message;
  return `The file could not be read (${errorSentence(error)}); check that it is still there and can be opened.`;
}

/**
 * Packs all films, splits them by patient and takes the fingerprint. Deterministic: equal films and options give equal packs and rows.
 * @throws StoppedError when the signal asks for it; InputError when no film is left or the split is not one.
 */
export async function buildCohort(
  source: IncomingImages,
  options: BuildOptions,
  sink: BuildSink,
): Promise<BuiltCohort> {
  checkBuildOptions(options);
  const { films, packHashes } = await packAll(source, options.side, sink);
  if (films.length === 0)
    throw new InputError('None of the films could be read; the list of problems says why for each.');
  const { sides, problems } = chooseSides(films, options.fractions, options.seed);
  const rows = films.map((film, index): CohortRow => ({ ...film, index, split: sides[index]! }));
  return {
    rows,
    patientCount: new Set(rows.map(({ patientId }) => patientId)).size,
    fingerprint: await cohortFingerprint(rows, source.labelNames, options.side, packHashes),
    problems,
  };
}

type PackedImage = Omit<SquaredImage, 'pixels'>;

async function packAll(
  source: IncomingImages,
  side: number,
  sink: BuildSink,
): Promise<{ films: PackedImage[]; packHashes: string[] }> {
  const films: PackedImage[] = [];
  const packHashes: string[] = [];
  const time = new RemainingTime(performance.now());
  let done = 0;
  const breaks = new MessageBreaks();
  let pack = new Uint8Array(imagesPerPack * side * side);
  const flush = async (count: number): Promise<void> => {
    const pixels = pack.slice(0, count * side * side);
    await sink.writePack(packHashes.length, pixels);
    packHashes.push(await sha256(pixels));
    pack = new Uint8Array(pack.length);
  };
  for await (const film of source.films) {
    if (film) {
      const { pixels, ...rest } = film;
      pack.set(pixels, (films.length % imagesPerPack) * side * side);
      films.push(rest);
      if (films.length % imagesPerPack === 0) await flush(imagesPerPack);
    }
    time.update(++done, performance.now());
    if (await breaks.pauseIfDue()) sink.onProgress(done, source.total, time.range(source.total));
    if (sink.signal.aborted) throw new StoppedError('The import was stopped; nothing of it was kept.');
  }
  if (films.length % imagesPerPack > 0) await flush(films.length % imagesPerPack);
  sink.onProgress(done, source.total, [0, 0]);
  return { films, packHashes };
}
