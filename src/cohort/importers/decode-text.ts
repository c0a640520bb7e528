/**
 * From bytes to text without guessing: what is not plainly Unicode is refused with a sentence, never turned into wrong letters.
 */
import { InputError } from '../../errors.ts';
import { beginsWith } from '../decoders/decoder.ts';

/**
 * The text of a file in UTF-8, with or without byte-order mark, or in UTF-16 with one.
 * @param path named in the error.
 * @param whole false: the bytes are the beginning of a longer file, and a character may be cut in two at their end.
 * @throws InputError when the bytes are in another encoding.
 */
export function decodeText(bytes: Uint8Array, path: string, whole = true): string {
  const encoding = encodingOf(bytes);
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: !whole });
    // UTF-16 without its mark passes for UTF-8 with a zero after each letter.
    if (!text.includes('\0')) return text;
  } catch {
    // Told below, with the file's name.
  }
  throw new InputError(
    `${path} is not ${encoding === 'utf-8' ? 'UTF-8' : 'UTF-16'} text. ` +
      'Save it again as UTF-8 (in a spreadsheet: “CSV UTF-8”), so that no letter is misread.',
  );
}

function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (beginsWith(bytes, [0xff, 0xfe])) return 'utf-16le';
  if (beginsWith(bytes, [0xfe, 0xff])) return 'utf-16be';
  return 'utf-8';
}
