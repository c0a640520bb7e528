/**
 * The text of a table's file: decoded piece by piece, unpacked when it is packed with gzip, and refused when it is no text at all.
 */
import { InputError } from '../../errors.ts';
import { MessageBreaks } from '../../progress/message-breaks.ts';
import { TextAssembler, type DamagedText } from './decode-text.ts';
import { foreignKind, isGzip } from './file-kind.ts';
import type { FolderFile, Watch } from './importer.ts';

/** Larger tables are refused: they would not fit into the memory as text. */
const maxTableBytes = 400_000_000;

/** So many bytes of a file are decoded at once. */
const pieceBytes = 4_000_000;

/** The text of a table. @throws InputError naming the file when it is too large, cut, not Unicode text, or something else than a table. */
export async function readTableText(source: FolderFile, watch?: Watch): Promise<DamagedText> {
  return (await readText(source, maxTableBytes, watch)).text;
}

/** The beginning of a table's text, and whether that is all of it. @throws InputError as `readTableText`. */
export async function readTextHead(
  source: FolderFile,
  bytes: number,
): Promise<{ readonly text: DamagedText; readonly isWhole: boolean }> {
  return readText(source, bytes);
}

async function readText(
  { path, file }: FolderFile,
  limit: number,
  watch?: Watch,
): Promise<{ text: DamagedText; isWhole: boolean }> {
  const isPacked = isGzip(await firstBytes(file));
  const assembler = new TextAssembler(path);
  const breaks = new MessageBreaks(watch?.signal);
  let done = 0;
  for await (const piece of isPacked ? unpacked(file, path) : pieces(file)) {
    const taken = piece.subarray(0, limit - done);
    if (done === 0) refuseForeign(taken, path);
    assembler.push(taken);
    done += piece.length;
    if (done > limit && limit < maxTableBytes) return { text: assembler.finish(false), isWhole: false };
    if (done > limit) throw tooLarge(path);
    // Decoding counts as the first half of the work; the length of a packed file is known only at its end.
    if (await breaks.pauseIfDue())
      watch?.onProgress('Reading the table', done, 2 * Math.max(done, file.size));
  }
  return { text: assembler.finish(), isWhole: true };
}

async function firstBytes(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(0, 16).arrayBuffer());
}

async function* pieces(file: File): AsyncGenerator<Uint8Array> {
  for (let begin = 0; begin < file.size; begin += pieceBytes)
    yield new Uint8Array(await file.slice(begin, begin + pieceBytes).arrayBuffer());
}

/** Unpacks gzip piece by piece, so that what unpacks to far more than its size is stopped in time. */
async function* unpacked(file: File, path: string): AsyncGenerator<Uint8Array> {
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    for (;;) {
      const { done, value } = await nextPiece(reader, path);
      if (done) return;
      yield value;
    }
  } finally {
    // The rest is not needed, so errors of the cancelled stream are ignored.
    await reader.cancel().catch(() => undefined);
  }
}

async function nextPiece(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  path: string,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  try {
    return await reader.read();
  } catch {
    throw new InputError(
      `${path} cannot be unpacked: the file is cut or damaged, or several gzip files were put into one. Copy it again from its source, or unpack it yourself.`,
    );
  }
}

function refuseForeign(bytes: Uint8Array, path: string): void {
  const kind = foreignKind(bytes);
  if (kind) throw new InputError(`${path} is no table but ${kind}`);
}

function tooLarge(path: string): InputError {
  return new InputError(`${path} has more than 400 MB of text; tables of at most 400 MB are read. Split it.`);
}
