/**
 * Decodes text without guessing: bytes that are not plainly Unicode are refused with a sentence, never turned into wrong letters.
 */
import { InputError } from '../../errors.ts';
import { beginsWith } from '../decoders/decoder.ts';

/** Stands in a text where a byte could not be read: no text holds this character, which Unicode keeps free of any meaning. */
export const unreadable = '\uFFFF';

/** Lines with a byte that is not UTF-8, up to which a text is taken for damaged UTF-8 and not for another encoding. */
const maxDamagedLines = 5;

/**
 * The text of a file in UTF-8, with or without byte-order mark, or in UTF-16 with one.
 * @param path named in the error.
 * @param whole false: the bytes are the beginning of a longer file, and a character may be cut in two at their end.
 * @throws InputError when the bytes are in another encoding, or are damaged.
 */
export function decodeText(bytes: Uint8Array, path: string, whole = true): string {
  const { text, damagedLines } = decodeDamagedText(bytes, path, whole);
  if (damagedLines > 0) throw notUnicode(path, 'UTF-8');
  // UTF-16 without its mark passes for UTF-8 with a zero after each letter.
  if (text.includes('\0'))
    throw new InputError(`${path} holds zero bytes, which no text has. Save it again from its source.`);
  return text;
}

/** A text with the damage that it may have. */
export interface DamagedText {
  /** The text; zero bytes are left in it, and each byte that is not UTF-8 is `unreadable`. */
  readonly text: string;
  /** Lines that hold `unreadable`: a few at most. */
  readonly damagedLines: number;
}

/** As `decodeText`, but text with zero bytes and with few unreadable letters is handed on. @throws InputError for another encoding. */
export function decodeDamagedText(bytes: Uint8Array, path: string, whole = true): DamagedText {
  const text = new TextAssembler(path);
  text.push(bytes);
  return text.finish(whole);
}

/** Decodes a file that comes in pieces. */
export class TextAssembler {
  readonly #path: string;
  readonly #pieces: string[] = [];
  #decoder: TextDecoder | null = null;
  /** The beginning of a character at the end of the last piece; before the first piece, all that came. */
  #rest = new Uint8Array(0);
  #damagedLines = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Takes the next piece. @throws InputError when it is in another encoding. */
  push(bytes: Uint8Array): void {
    const joined = this.#rest.length === 0 ? bytes : concatenate(this.#rest, bytes);
    const end = joined.length - cutBytes(joined, this.#decoder?.encoding ?? encodingOf(joined));
    this.#rest = joined.slice(end);
    if (end > 0) this.#decode(joined.subarray(0, end));
  }

  /** The whole text. @param whole false: more would follow, and a cut character at the end is passed over. */
  finish(whole = true): DamagedText {
    if (whole && this.#rest.length > 0) this.#decode(this.#rest);
    const text = this.#pieces.join('');
    if (this.#damagedLines > 0 && 4 * this.#damagedLines >= countLines(text))
      throw notUnicode(this.#path, 'UTF-8');
    return { text, damagedLines: this.#damagedLines };
  }

  #decode(bytes: Uint8Array): void {
    const isFirst = this.#decoder === null;
    const encoding = isFirst ? encodingOf(bytes) : this.#decoder!.encoding;
    // A decoder that is not told to stream drops a mark before each piece; only the first one has it.
    this.#decoder ??= new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
    if (isFirst && encoding === 'utf-8' && hasAlternatingZeros(bytes))
      throw new InputError(
        `${this.#path} is not UTF-8 text: every second byte is zero, as in UTF-16 without its mark. ${saveAgain}`,
      );
    this.#pieces.push(this.#textOf(bytes).replace(isFirst ? /^\uFEFF/ : '', ''));
  }

  #textOf(bytes: Uint8Array): string {
    try {
      return this.#decoder!.decode(bytes);
    } catch {
      if (this.#decoder!.encoding !== 'utf-8') throw notUnicode(this.#path, 'UTF-16');
      return this.#decodeByLine(bytes);
    }
  }

  #decodeByLine(bytes: Uint8Array): string {
    const loose = new TextDecoder('utf-8', { ignoreBOM: true });
    const texts: string[] = [];
    for (let begin = 0; begin < bytes.length;) {
      const found = bytes.indexOf(10, begin);
      const end = found < 0 ? bytes.length : found + 1;
      const line = bytes.subarray(begin, end);
      begin = end;
      try {
        texts.push(this.#decoder!.decode(line));
      } catch {
        this.#damagedLines += 1;
        if (this.#damagedLines > maxDamagedLines) throw notUnicode(this.#path, 'UTF-8');
        texts.push(loose.decode(line).replaceAll('\uFFFD', unreadable));
      }
    }
    return texts.join('');
  }
}

const saveAgain = 'Save it again as UTF-8 (in a spreadsheet: “CSV UTF-8”), so that no letter is misread.';

function notUnicode(path: string, encoding: string): InputError {
  return new InputError(`${path} is not ${encoding} text. ${saveAgain}`);
}

function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (beginsWith(bytes, [0xff, 0xfe])) return 'utf-16le';
  if (beginsWith(bytes, [0xfe, 0xff])) return 'utf-16be';
  return 'utf-8';
}

/** Whether nearly all bytes of one parity are zero near the beginning. A few zero bytes in a sound text are another matter. */
function hasAlternatingZeros(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 1000);
  const zeros = [0, 0];
  head.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2]! += 1;
  });
  const [fewer, more] = zeros.sort((a, b) => a - b) as [number, number];
  return more > head.length / 4 && fewer < more / 4;
}

/** Bytes at the end that begin a character of which more must follow. */
function cutBytes(bytes: Uint8Array, encoding: string): number {
  if (encoding !== 'utf-8') return cutWideBytes(bytes, encoding === 'utf-16le' ? 1 : 2);
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return needed > back ? back : 0;
  }
  return 0;
}

/** In UTF-16: half a unit, or the first half of a pair of units. @param high the upper byte's place in a unit, from its end. */
function cutWideBytes(bytes: Uint8Array, high: 1 | 2): number {
  const odd = bytes.length % 2;
  const upper = bytes[bytes.length - odd - high] ?? 0;
  return odd + (upper >= 0xd8 && upper <= 0xdb ? 2 : 0);
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
